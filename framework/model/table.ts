/** The SQL types that a column may have. `JSON` is text read by `->>`. */
export type SqlType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP' | 'JSON' | 'VARCHAR[]' | 'STRUCT';

/** A column of a table or a result. */
export interface Column {
  readonly name: string;
  readonly type: SqlType;
  readonly description?: string | undefined;
  /** The fields of a `STRUCT`, each a VARCHAR. */
  readonly fields?: readonly string[] | undefined;
  /** Result columns: whether NULL can occur. @defaultValue true */
  readonly nullable?: boolean | undefined;
}

/** A table that SQL may read. */
export interface Table {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly Column[];
  /** The column that makes a row unique: a second row with the same value is not stored twice. */
  readonly key: string;
  /** `true`: a later row replaces an earlier one with the same key (alerts, query runs). */
  readonly replaces: boolean;
  /** The TIMESTAMP column that decides the day a row is filed under. */
  readonly time: string;
  /** What most queries look for: merged rows are sorted by these columns, then by time. @defaultValue none */
  readonly sortBy?: readonly string[] | undefined;
  /** All rows of a table that nothing is filed under; `time` and `replaces` mean nothing then. @defaultValue it is filled */
  readonly rows?: readonly Row[] | undefined;
  /** Rows with another value in this column are not to be seen. @defaultValue all are */
  readonly only?: { readonly column: string; readonly value: string } | undefined;
}

/** A row on its way to a table: column → value. Times are ISO 8601 texts, JSON columns are values. */
export type Row = Readonly<Record<string, unknown>>;
