import type { ErrorCode } from '../../model/error-codes.ts';

/** The HTTP status of every error that a caller can cause or wait out. What is not here is our failure: 500. */
const statusByCode: Readonly<Partial<Record<ErrorCode, number>>> = {
  API_REQUEST_INVALID: 400,
  API_TOKEN_WRONG: 401,
  API_COMMIT_REFUSED: 403,
  API_HOST_REFUSED: 403,
  API_SCOPE_MISSING: 403,
  API_ALERT_UNKNOWN: 404,
  API_BUNDLE_UNKNOWN: 404,
  API_BACKFILL_UNKNOWN: 404,
  API_DETECTION_UNKNOWN: 404,
  API_LOG_TYPE_UNKNOWN: 404,
  API_QUARANTINE_UNKNOWN: 404,
  API_QUERY_UNKNOWN: 404,
  API_ROUTE_UNKNOWN: 404,
  API_TOKEN_UNKNOWN: 404,
  SCHEDULE_QUERY_UNKNOWN: 404,
  API_METHOD_NOT_ALLOWED: 405,
  API_SERIAL_CONFLICT: 409,
  API_TOKEN_NAME_TAKEN: 409,
  RUNTIME_NOTHING_LIVE: 409,
  RUNTIME_REBUILD_BUSY: 409,
  RUNTIME_REBUILD_OUTDATED: 409,
  DELIVER_NOT_FAILED: 409,
  API_BATCH_TOO_LONG: 413,
  API_BODY_TOO_LARGE: 413,
  API_MEDIA_TYPE_UNSUPPORTED: 415,
  API_BACKTEST_REFUSED: 422,
  API_BUNDLE_TESTS_FAILED: 422,
  API_INDICATOR_INVALID: 422,
  API_QUERY_INVALID: 422,
  COMPILE_BUNDLE_DIGEST: 422,
  COMPILE_BUNDLE_INVALID: 422,
  DETECT_LOAD_FAILED: 422,
  DETECT_LOAD_TIMEOUT: 422,
  DETECT_WORKER_DIED: 422,
  LAKE_NUMBER_TOO_LARGE: 422,
  LAKE_QUERY_FAILED: 422,
  LOG_KEY_REUSED: 422,
  RUNTIME_REBUILD_UNCOVERED: 422,
  RUNTIME_TRIAL_FAILED: 422,
  SCHEDULE_CLOCK_INVALID: 422,
  API_BUSY: 429,
  LAKE_BUSY: 429,
  DETECT_CLOSED: 503,
  LAKE_CLOSED: 503,
  LAKE_QUERY_ABORTED: 503,
  LAKE_WRITE_FAILED: 503,
  LOG_CLOSED: 503,
  LOG_WRITE_FAILED: 503,
  RUNTIME_BEHIND: 503,
  SCHEDULE_CLOSED: 503,
  LAKE_QUERY_TIMEOUT: 504,
  SCHEDULE_RUN_TIMEOUT: 504,
};

/** What is better in a moment, and in how many seconds. */
const retryAfterByCode: Readonly<Partial<Record<ErrorCode, number>>> = { API_BUSY: 1, RUNTIME_BEHIND: 5 };

/** The `Retry-After` of an error code in seconds, where one is known. */
export function retryAfterOfCode(code: ErrorCode): number | undefined {
  return retryAfterByCode[code];
}

/** The HTTP status that an error code stands for. */
export function statusOfCode(code: ErrorCode): number {
  return statusByCode[code] ?? 500;
}
