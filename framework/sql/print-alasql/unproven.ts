/**
 * Thrown where alasql's result is not proven to be DuckDB's: by the printer for a construct, by our functions
 * for a value. The query then runs on DuckDB alone, and the reason is reported.
 */
export class Unproven extends Error {
  override readonly name = 'Unproven';
}
