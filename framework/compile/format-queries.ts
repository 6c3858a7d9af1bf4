import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { duckdb, formatDialect } from 'sql-formatter';
import { isScalar, parseDocument } from 'yaml';
import { findContent } from './content/find-content.ts';

/** A query's file, and whether its SQL is (with `check`: would be) laid out anew. */
export interface FormattedQuery {
  /** Relative to the root. */
  readonly file: string;
  readonly changed: boolean;
}

/**
 * Lays out the SQL of scheduled queries. Only the text of a `query: |` block is touched; comments stay, and
 * everything else of the file stays as it is, byte for byte. SQL that cannot be read is left alone.
 *
 * @param options.check - Report only, write nothing.
 * @returns one entry per file, by id.
 */
export async function formatQueries(
  root: string,
  options: { readonly check: boolean },
): Promise<readonly FormattedQuery[]> {
  const { queries } = await findContent(resolve(root));
  return Promise.all(
    queries.map(async ({ file }) => {
      const path = join(resolve(root), file);
      const before = await readFile(path, 'utf8');
      const after = formatQueryFile(before);
      if (after !== before && !options.check) await writeFile(path, after);
      return { file, changed: after !== before };
    }),
  );
}

/** The text of a query's YAML file with its SQL laid out. */
export function formatQueryFile(text: string): string {
  const block = findBlock(text);
  const sql = block && formatSql(block.sql);
  if (!block || sql === undefined) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = sql.split('\n').map((line) => (line === '' ? '' : block.indent + line));
  return text.slice(0, block.start) + lines.join(newline) + newline + text.slice(block.end);
}

/** The lines of the SQL of a literal block, from its first character to the end of its last line with text. */
function findBlock(
  text: string,
): { readonly start: number; readonly end: number; readonly sql: string; readonly indent: string } | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  const node = document.get('query', true);
  if (document.errors.length > 0 || !isScalar(node) || node.type !== 'BLOCK_LITERAL' || !node.range) return undefined;
  const start = text.indexOf('\n', node.range[0]) + 1;
  const body = text.slice(start, node.range[1]);
  const end = start + body.trimEnd().length;
  const lineEnd = text.indexOf('\n', end);
  const indent = /^[ ]*(?=\S)/m.exec(body)?.[0];
  if (start === 0 || indent === undefined) return undefined;
  return { start, end: lineEnd < 0 ? text.length : lineEnd + 1, sql: String(node.value), indent };
}

/** DuckDB's dialect with our own functions, which would else be set apart from their parentheses. */
const dialect: typeof duckdb = {
  ...duckdb,
  tokenizerOptions: {
    ...duckdb.tokenizerOptions,
    reservedFunctionNames: [
      ...duckdb.tokenizerOptions.reservedFunctionNames,
      'P_OCCURS_SINCE',
      'P_CURRENT_TIMESTAMP',
      'LIST_AT',
    ],
  },
};

function formatSql(sql: string): string | undefined {
  try {
    return formatDialect(sql, { dialect, keywordCase: 'upper', tabWidth: 2, expressionWidth: 100 });
  } catch {
    return undefined;
  }
}
