/** Turns byte offsets into a text's UTF-8 form, as DuckDB counts, into offsets into the JavaScript string. */
export function byteOffsets(sql: string): (bytes: number) => number {
  // Plain ASCII, the usual case: the same.
  if (Buffer.byteLength(sql) === sql.length) return (bytes) => bytes;
  const utf8 = Buffer.from(sql);
  return (bytes) => utf8.subarray(0, bytes).toString('utf8').length;
}
