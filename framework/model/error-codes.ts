/**
 * Every error code, prefixed with its room, with what it stands for. A code is never reused.
 * Add to the section of your room, in alphabetical order.
 */
export const errorCodes = {
  // model
  MODEL_CIDR_INVALID: 'A network is no address with the bits of a prefix, or has bits set behind it.',
  MODEL_DURATION_INVALID: 'A duration is not a number with a unit (s, m, h, d, w).',
  MODEL_PATH_INVALID: 'A field path is not dotted names with zero-based subscripts.',
  MODEL_TEMPLATE_INVALID: 'A template has an unclosed or empty placeholder.',

  // compile
  COMPILE_ALIAS_CLASH: 'An alias is used twice, or is the id of another detection.',
  COMPILE_BUNDLE_DIGEST: 'The bytes of a bundle are not those that its digest names.',
  COMPILE_BUNDLE_INVALID: 'A bundle is not of the format that this version reads.',
  COMPILE_CODE_ORPHAN: 'A TypeScript file has no YAML file of the same name beside it.',
  COMPILE_COMBINATION_INVALID: 'Two keys contradict each other, or a key has no effect here.',
  COMPILE_CONDITION_MISSING: 'A detection says in neither YAML nor TypeScript what it looks for.',
  COMPILE_CONTENT_MISSING: 'The folder holds no content.',
  COMPILE_CONTEXT_SOURCE_MISSING: 'A context column says neither where it is read from, nor does code give it.',
  COMPILE_DEDUP_MISSING: 'A detection does not say which matches make one alert.',
  COMPILE_DESTINATION_UNKNOWN: 'A destination is not in margay.config.ts.',
  COMPILE_FIELD_UNKNOWN: 'A field is not in the log type, or a column not in the query.',
  COMPILE_FILE_TOO_LARGE: 'A file is larger than the compiler reads.',
  COMPILE_FILE_UNREADABLE: 'A file cannot be read.',
  COMPILE_FIXTURE_INVALID: 'A fixture is not one JSON object.',
  COMPILE_FIXTURE_MISSING: 'A fixture does not exist below the content root.',
  COMPILE_ID_CLASH: 'Two files have the same id, or ids that differ in case only.',
  COMPILE_ID_INVALID: 'A file name has characters that an id cannot have.',
  COMPILE_KEY_MISSING: 'A required key is missing.',
  COMPILE_KEY_UNKNOWN: 'A key is not one that this file may have.',
  COMPILE_LOGSOURCE_UNMAPPED: 'No log type stands for a Sigma logsource.',
  COMPILE_LOG_TYPE_CLASH: 'Two log types have the same name or the same table.',
  COMPILE_LOG_TYPE_UNKNOWN: 'A log type is neither built in nor in log-types/.',
  COMPILE_LOOKBACK_SHORT: 'A query looks back less than its interval, so that some events are never read.',
  COMPILE_QUERY_UNKNOWN: 'A scheduled query does not exist.',
  COMPILE_RULE_ID_UNKNOWN: 'SQL compares p_rule_id with an id that no detection has.',
  COMPILE_SOURCE_MISSING: 'A detection does not say what it reads.',
  COMPILE_TEST_LOG_TYPE_MISSING: 'A test does not say which log type its record is of, and it cannot be told.',
  COMPILE_TEST_MISSING: 'A detection lacks a test that matches, one that does not, or a timeline.',
  COMPILE_TYPE_WRONG: 'A value has another type than the one expected.',
  COMPILE_VALUE_INVALID: 'A value is of the right type but not one that is allowed.',
  COMPILE_YAML_INVALID: 'A file is not YAML.',
  COMPILE_YAML_KEY_DUPLICATE: 'A key stands twice in the same map.',
  COMPILE_YAML_MULTIPLE_DOCUMENTS: 'A file holds more than one YAML document.',

  // match

  // sql

  // testing
  TEST_CONTENT_FAILED: 'A detection function threw, or a record became no event, in a test.',
  TEST_ENGINES_DIFFER: 'The two SQL engines give different rows for a test.',
  TEST_VITEST_MISSING: "Vitest, which 'margay test' starts, is not installed.",

  // log
  LOG_CLOSED: 'The log was used after it was closed.',
  LOG_CORRUPT: 'Acknowledged records of the log are damaged or missing.',
  LOG_LOCKED: 'Another runtime has the log open.',
  LOG_POSITION_INVALID: 'A position lies outside of what the log holds.',
  LOG_WRITE_FAILED: 'The log could not be written; nothing is accepted until it is opened again.',

  // normalise

  // detect
  DETECT_CLOSED: 'The detector was used after it was closed.',
  DETECT_DETECTION_UNKNOWN: 'The bundle has no detection of this id.',
  DETECT_EVALUATION_FAILED: 'A batch or the rows of a query could not be evaluated at all.',
  DETECT_LOAD_FAILED: 'The code of a bundle cannot be loaded.',
  DETECT_LOAD_TIMEOUT: 'The code of a bundle did not finish loading.',
  DETECT_LOG_TYPE_UNKNOWN: 'The bundle has no log type of this name.',
  DETECT_WORKER_DIED: 'The detection worker died again and again.',

  // lake
  STATE_CONFLICT: 'A compare-and-swap found another value than the one expected.',

  // schedule

  // alert
  ALERT_DETECTION_UNKNOWN: 'A match is of a detection that is not in force.',

  // deliver

  // api

  // runtime: the wiring
  RUNTIME_BUNDLE_MISSING: 'The log names a bundle that the state does not hold.',
  RUNTIME_LOG_TYPE_GONE: 'The log type of an accepted batch left the bundle before the batch was read.',

  // cli
  CLI_ARGUMENTS_INVALID: 'A command, option or argument is not one that the command line knows.',
  CLI_FILE_UNREADABLE: 'A file or folder named on the command line cannot be read.',
  CLI_INPUT_INVALID: 'What was given to send is not NDJSON, a JSON array, a JSON object or gzip of these.',
  CLI_RECORD_REFUSED: 'The runtime takes no record of this size.',
  CLI_RUNTIME_ANSWER_INVALID: 'What answers at the URL is not a Margay runtime.',
  CLI_RUNTIME_UNREACHABLE: 'No runtime answers at the URL.',
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCodes;
