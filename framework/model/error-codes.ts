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

  // match

  // sql

  // testing

  // log

  // normalise

  // detect

  // lake
  STATE_CONFLICT: 'A compare-and-swap found another value than the one expected.',

  // schedule

  // alert

  // deliver

  // api

  // runtime: the wiring
  RUNTIME_BUNDLE_MISSING: 'The log names a bundle that the state does not hold.',

  // cli
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCodes;
