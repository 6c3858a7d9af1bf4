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
  COMPILE_ASYNC: 'Content code is async.',
  COMPILE_BUNDLE_DIGEST: 'The bytes of a bundle are not those that its digest names.',
  COMPILE_BUNDLE_INVALID: 'A bundle is not of the format that this version reads.',
  COMPILE_CODE_ORPHAN: 'A TypeScript file has no YAML file of the same name beside it.',
  COMPILE_CODE_SYNTAX: 'A TypeScript or JSON file does not parse.',
  COMPILE_CODE_THREW: 'A content file throws, or does not end, when it is loaded.',
  COMPILE_COMBINATION_INVALID: 'Two keys contradict each other, or a key has no effect here.',
  COMPILE_CONDITION_MISSING: 'A detection says in neither YAML nor TypeScript what it looks for.',
  COMPILE_CONFIG_EXPORT: 'margay.config.ts has no default export, or one that is no plain data.',
  COMPILE_CONFIG_SECRET: 'A secret stands in margay.config.ts in plain text.',
  COMPILE_CONTENT_MISSING: 'The folder holds no content.',
  COMPILE_CONTEXT_SOURCE_MISSING: 'A context column says neither where it is read from, nor does code give it.',
  COMPILE_DEDUP_MISSING: 'A detection does not say which matches make one alert.',
  COMPILE_DESTINATION_UNKNOWN: 'A destination is not in margay.config.ts.',
  COMPILE_DETECTION_EXPORT: "The default export of a detection's file is not `detection(…)` over functions written in place.",
  COMPILE_DETECTION_ID: 'The type argument of `detection` is missing, or another id than that of the file.',
  COMPILE_FIELD_UNKNOWN: 'A field is not in the log type, or a column not in the query.',
  COMPILE_FILE_TOO_LARGE: 'A file is larger than the compiler reads.',
  COMPILE_FILE_UNREADABLE: 'A file cannot be read.',
  COMPILE_FIXTURE_INVALID: 'A fixture is not one JSON object.',
  COMPILE_FIXTURE_MISSING: 'A fixture does not exist below the content root.',
  COMPILE_FUNCTION_INVALID: 'A detection function is not a function.',
  COMPILE_FUNCTION_UNKNOWN: 'A detection defines a function that has no meaning.',
  COMPILE_GLOBAL_FORBIDDEN: 'Content code uses a global that is not on the list.',
  COMPILE_ID_CLASH: 'Two files have the same id, or ids that differ in case only.',
  COMPILE_ID_INVALID: 'A file name has characters that an id cannot have.',
  COMPILE_IMPORT_CYCLE: 'Content files import each other in a circle.',
  COMPILE_IMPORT_DYNAMIC: 'Content code imports by something else than an import declaration.',
  COMPILE_IMPORT_FORBIDDEN: 'Content code imports something else than margay or its own files.',
  COMPILE_IMPORT_UNRESOLVED: 'An import names a file or an export that does not exist.',
  COMPILE_KEY_MISSING: 'A required key is missing.',
  COMPILE_KEY_UNKNOWN: 'A key is not one that this file may have.',
  COMPILE_LOGSOURCE_UNMAPPED: 'No log type stands for a Sigma logsource.',
  COMPILE_LOG_TYPE_CLASH: 'Two log types have the same name or the same table.',
  COMPILE_LOG_TYPE_UNKNOWN: 'A log type is neither built in nor in log-types/.',
  COMPILE_LOOKBACK_SHORT: 'A query looks back less than its interval, so that some events are never read.',
  COMPILE_MODULE_STATE: 'Content code keeps something between events.',
  COMPILE_NONDETERMINISTIC: 'Content code depends on the clock, chance, the time zone or the language of the machine.',
  COMPILE_QUERY_UNKNOWN: 'A scheduled query does not exist.',
  COMPILE_REFLECTION: 'Content code reaches for constructors or prototypes.',
  COMPILE_RULE_ID_UNKNOWN: 'SQL compares p_rule_id with an id that no detection has.',
  COMPILE_SOURCE_MISSING: 'A detection does not say what it reads.',
  COMPILE_TEST_LOG_TYPE_MISSING: 'A test does not say which log type its record is of, and it cannot be told.',
  COMPILE_TEST_MISSING: 'A detection lacks a test that matches, one that does not, or a timeline.',
  COMPILE_TYPE_ERROR: 'The TypeScript checker found an error.',
  COMPILE_TYPE_WRONG: 'A value has another type than the one expected.',
  COMPILE_VALUE_INVALID: 'A value is of the right type but not one that is allowed.',
  COMPILE_YAML_INVALID: 'A file is not YAML.',
  COMPILE_YAML_KEY_DUPLICATE: 'A key stands twice in the same map.',
  COMPILE_YAML_MULTIPLE_DOCUMENTS: 'A file holds more than one YAML document.',

  // match
  MATCH_AGGREGATION_UNSUPPORTED: 'A condition ends in an aggregation, which Sigma has deprecated.',
  MATCH_CIDR_INVALID: 'A value of cidr is no network.',
  MATCH_CONDITION_MISSING: 'A detection has no condition.',
  MATCH_CONDITION_SYNTAX: 'A condition does not follow the grammar.',
  MATCH_CONDITION_UPPER_CASE: 'An operator of a condition is written in upper case.',
  MATCH_DETECTION_INVALID: 'A detection is not a map.',
  MATCH_FIELD_INVALID: 'The name of a field is no field path.',
  MATCH_MODIFIER_COMBINATION: 'Modifiers do not go together, or need a field.',
  MATCH_MODIFIER_NO_EFFECT: 'A modifier does nothing here.',
  MATCH_MODIFIER_UNKNOWN: 'There is no such modifier.',
  MATCH_MODIFIER_UNSUPPORTED: "A modifier of Sigma's is not supported yet.",
  MATCH_NULL_IN_LIST: 'A list of values holds null.',
  MATCH_NUMBER_INEXACT: 'A number is beyond 2^53 and not exact.',
  MATCH_PATTERN_TOO_LONG: 'A value with wildcards is too long.',
  MATCH_REGEX_INVALID: 'A regular expression is malformed.',
  MATCH_REGEX_TOO_LARGE: 'A regular expression is too long, too deep or counts too far.',
  MATCH_REGEX_UNSUPPORTED: 'A regular expression uses what is unsafe or not portable.',
  MATCH_SELECTION_EMPTY: 'A selection is empty.',
  MATCH_SELECTION_TYPE: 'A selection is no map, list of maps or keywords.',
  MATCH_SELECTION_UNKNOWN: 'A condition names a selection that does not exist.',
  MATCH_SELECTION_UNUSED: 'No condition uses a selection.',
  MATCH_SELECTOR_EMPTY: 'A pattern of selection names matches none.',
  MATCH_TIMEFRAME_IGNORED: 'A detection has a timeframe, which does nothing.',
  MATCH_TOO_DEEP: 'A detection or condition is nested too deep.',
  MATCH_VALUE_EMPTY_LIST: 'A list of values is empty.',
  MATCH_VALUE_TYPE: 'A value has a type that its modifier, or any item, can not take.',

  // sql
  SQL_ALIAS_AMBIGUOUS: 'A name is a column and also the alias of something else.',
  SQL_ARROW_PRECEDENCE: 'An arrow (->>) reads more than a column, because it binds weaker than it looks.',
  SQL_CLAUSE_REFUSED: 'A clause is outside of the portable subset of SQL.',
  SQL_CLOCK_REFUSED: 'A query reads the machine’s clock instead of p_current_timestamp().',
  SQL_COLUMN_AMBIGUOUS: 'A column name belongs to several tables in FROM.',
  SQL_COLUMN_UNKNOWN: 'A column is in none of the tables in FROM.',
  SQL_CONTEXT_KEY_UNKNOWN: 'A query reads a key of p_alert_context that the detection does not declare.',
  SQL_CROSS_JOIN: 'Tables are joined without a condition.',
  SQL_DIVISION_REFUSED: 'Whole numbers are divided, which engines round differently.',
  SQL_DURATION_INVALID: 'The window of p_occurs_since is not a duration.',
  SQL_EXPRESSION_REFUSED: 'An expression is outside of the portable subset of SQL.',
  SQL_FUNCTION_REFUSED: 'A function is outside of the portable subset of SQL.',
  SQL_FUNCTION_UNKNOWN: 'There is no such function.',
  SQL_LIMIT_UNDECIDED: 'LIMIT keeps rows that ORDER BY does not decide.',
  SQL_NOT_ONE_SELECT: 'A text is not exactly one SELECT.',
  SQL_NULL_ORDER_MISSING: 'ORDER BY with LIMIT does not say where NULLs go.',
  SQL_NUMBER_TOO_LARGE: 'A whole number is beyond what JavaScript holds exactly (2^53).',
  SQL_OCCURS_SINCE_COLUMN: 'p_occurs_since cannot tell which time it is about.',
  SQL_POSITION_REFUSED: 'GROUP BY or ORDER BY names a column by its number.',
  SQL_QUERY_FAILED: 'The engine could not run a query.',
  SQL_RESULT_COLUMN_DUPLICATE: 'Two result columns have the same name.',
  SQL_RESULT_COLUMN_UNNAMED: 'A result column has no name.',
  SQL_RESULT_TYPE_UNSUPPORTED: 'A result column has a type that rows cannot hold.',
  SQL_ROW_INVALID: 'A value does not fit the column that it is loaded into.',
  SQL_STAR_EVENTS: 'SELECT * reads every column of an event table.',
  SQL_SYNTAX: 'A text is not SQL.',
  SQL_TABLE_AMBIGUOUS: 'Two tables in FROM have the same name.',
  SQL_TABLE_REFUSED: 'A query reads something else than a table of the lake.',
  SQL_TABLE_UNKNOWN: 'There is no such table.',
  SQL_TIME_UNBOUNDED: 'A query reads events or matches of all time.',
  SQL_TYPE_WRONG: 'Values of a type are used where another is needed.',

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
  LAKE_CLOSED: 'The lake was used after it was closed.',
  LAKE_LOCKED: 'Another runtime has the lake open.',
  LAKE_NUMBER_TOO_LARGE: 'A whole number in a result is beyond 2^53 and would lose digits.',
  LAKE_OPEN_FAILED: 'The state file of the lake could not be opened.',
  LAKE_PART_MISSING: 'A Parquet file that the lake lists does not exist.',
  LAKE_QUERY_ABORTED: 'A query was given up by its caller.',
  LAKE_QUERY_FAILED: 'A query failed, or the process that ran it ended.',
  LAKE_QUERY_TIMEOUT: 'A query took longer than it may.',
  LAKE_ROW_INVALID: 'A row does not fit its table.',
  LAKE_TABLE_UNKNOWN: 'Rows were committed for a table that is not registered.',
  LAKE_WRITE_FAILED: 'A part or a transaction could not be written.',
  STATE_CONFLICT: 'A compare-and-swap found another value than the one expected.',

  // schedule
  SCHEDULE_CLOCK_INVALID: 'A run was asked for with a clock that has not come yet, or is no time.',
  SCHEDULE_CLOSED: 'The scheduler was closed before a run had ended.',
  SCHEDULE_INVALID: 'A schedule is no cron expression of five fields or interval, or never comes.',
  SCHEDULE_QUERY_UNKNOWN: 'A run was asked for of a query that is not in force.',
  SCHEDULE_RUN_TIMEOUT: 'A run did not end when its timeout had passed.',

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
