/** Why something that DuckDB knows is refused, and what to write instead. */
export interface Refusal {
  readonly code: 'SQL_FUNCTION_REFUSED' | 'SQL_CLOCK_REFUSED';
  readonly reason: string;
  readonly instead: string;
}

const clock: Refusal = {
  code: 'SQL_CLOCK_REFUSED',
  reason: 'reads the machine’s clock; a run that is caught up or tested would see another time',
  instead: "Write p_current_timestamp(), or p_occurs_since('30 days') for a window up to now.",
};
const list: Refusal = {
  code: 'SQL_FUNCTION_REFUSED',
  reason: 'counts from 1 here and from 0 elsewhere',
  instead: "Write list_at(list, 0) for the first element; in JSON, column->>'$[0]'.",
};
const json: Refusal = {
  code: 'SQL_FUNCTION_REFUSED',
  reason: 'is spelt differently by every engine',
  instead: "Write column->>'key', or column->>'$.outer.inner[0]' for what lies deeper.",
};
const random: Refusal = {
  code: 'SQL_FUNCTION_REFUSED',
  reason: 'gives another result each time, so a retry would disagree with the first run',
  instead: 'Leave it out.',
};
const anyRow: Refusal = {
  code: 'SQL_FUNCTION_REFUSED',
  reason: 'takes its value from whichever row comes first',
  instead: 'Write min(x) or max(x).',
};
const outside: Refusal = {
  code: 'SQL_FUNCTION_REFUSED',
  reason: 'reaches outside of the tables',
  instead: 'Queries read the tables of the lake and nothing else.',
};

function all(names: string, refusal: Refusal): readonly [string, Refusal][] {
  return names.split(' ').map((name) => [name, refusal]);
}

function renamed(names: string, instead: string): readonly [string, Refusal][] {
  return all(names, { code: 'SQL_FUNCTION_REFUSED', reason: 'is not in the portable subset', instead });
}

/** Functions (and names that DuckDB reads as functions) with a reason of their own; the rest are just unknown. */
export const refusedFunctions: ReadonlyMap<string, Refusal> = new Map([
  ...all(
    'now current_timestamp current_date current_time get_current_timestamp get_current_time today transaction_timestamp localtime localtimestamp current_localtime current_localtimestamp',
    clock,
  ),
  ...all('list_extract list_element array_extract element_at list_slice array_slice', list),
  ...all('json_extract json_extract_string json_extract_path json_extract_path_text json_value struct_extract', json),
  ...all('random uuid gen_random_uuid uuidv4 uuidv7 setseed', random),
  ...all('any_value first last arbitrary arg_max arg_min argmax argmin max_by min_by mode', anyRow),
  ...all(
    'read_csv read_csv_auto read_parquet parquet_scan read_json read_json_auto read_ndjson read_text read_blob glob getenv current_setting query query_table enable_logging disable_logging write_log pragma_version duckdb_settings duckdb_secrets sleep_ms pg_sleep force_checkpoint checkpoint getvariable nextval currval current_user user session_user current_database current_schema',
    outside,
  ),
  ...renamed('ifnull nvl', 'Write coalesce(x, y).'),
  ...renamed('if iff', 'Write CASE WHEN condition THEN x ELSE y END.'),
  ...renamed('list_has array_contains array_has list_has_any', 'Write list_contains(list, value).'),
  ...renamed('array_length list_count cardinality', 'Write len(list).'),
  ...renamed('approx_count_distinct', 'Write count(DISTINCT x).'),
  ...renamed('strlen len_grapheme length_grapheme char_length character_length', 'Write length(x).'),
  ...renamed('substr left right', 'Write substring(x, start, length).'),
  ...renamed('strpos instr', "Write position('part' IN x)."),
  ...renamed('prefix', "Write starts_with(x, 'part')."),
  ...renamed('suffix', "Write ends_with(x, 'part')."),
  ...renamed(
    'median quantile quantile_cont quantile_disc percentile_cont percentile_disc approx_quantile',
    'Rank the rows in a subquery, row_number() OVER (ORDER BY x, id) and count(*) OVER (), and filter around it.',
  ),
  ...renamed(
    'stddev stddev_pop stddev_samp variance var_pop var_samp',
    'Compute the variance: avg(x * x) - avg(x) * avg(x).',
  ),
  ...renamed('countif', 'Write count_if(condition).'),
  ...renamed('mean', 'Write avg(x).'),
  ...renamed('list listagg group_concat', "Write string_agg(x, ',' ORDER BY x NULLS LAST)."),
  ...renamed('datediff date_sub datesub', "Write date_diff('hour', earlier, later)."),
  ...renamed('datetrunc time_bucket strftime', "Write date_trunc('day', x)."),
  ...renamed(
    'to_seconds to_minutes to_hours to_days to_weeks to_months to_years',
    "Write INTERVAL '3 days', number and unit in one text.",
  ),
  ...renamed('datepart hour minute day month year dayofweek', 'Write EXTRACT(hour FROM x).'),
  ...renamed('regexp_like', "Write regexp_matches(x, 'pattern')."),
  ...renamed('mod', 'Write x % y.'),
  ...renamed('//', 'Write floor(CAST(x AS DOUBLE) / y).'),
  ...renamed('** ^ pow power', 'Multiply.'),
  ...renamed('^@', "Write starts_with(x, 'part')."),
  ...renamed('unnest', 'Lists are read by list_contains(list, value) and list_at(list, 0).'),
  ...all('regexp_full_match', {
    code: 'SQL_FUNCTION_REFUSED',
    reason: '(also written ~) must match the whole text here, and a part of it elsewhere',
    instead: "Write regexp_matches(x, '^pattern$').",
  }),
  ...renamed('~~~', "Write x LIKE 'pattern%'."),
]);

/** Expression kinds of the parser that are refused, with what to write instead. */
export const refusedExpressions: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  PARAMETER: ['A parameter', 'Write the value.'],
  POSITIONAL_REFERENCE: ['A column by its number', 'Write its name.'],
  COLLATE: ['COLLATE', 'Write lower(x) to compare without regard to case.'],
  DEFAULT: ['DEFAULT', 'Write the value.'],
  LAMBDA_REF: ['A lambda', 'Lists are read by list_contains(list, value) and list_at(list, 0).'],
  STAR: ['* with EXCLUDE, REPLACE or COLUMNS, or outside of the column list', 'Write out the columns.'],
  ARRAY_EXTRACT: [
    'A subscript (engines disagree on the first index)',
    "Write list_at(list, 0) for the first element; in JSON, column->>'$[0]'.",
  ],
  ARRAY_SLICE: ['A slice', 'Write substring(x, start, length), or list_at(list, 0).'],
  STRUCT_EXTRACT: ['(…).field', 'Write table.column.field without parentheses.'],
  GROUPING_FUNCTION: ['GROUPING', 'Write one query per grouping.'],
  OPERATOR_TRY: ['TRY', 'Write TRY_CAST(x AS type).'],
  ARRAY_CONSTRUCTOR: ['ARRAY(…)', 'Write IN (…).'],
};
