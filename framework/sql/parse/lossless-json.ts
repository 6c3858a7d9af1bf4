import { isRecord } from '../../model/path.ts';
import type { BigLiteral } from '../ast/ast.ts';

const token = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const marked = /\{"\$int":"(-?\d+)"\}/g;

/**
 * JSON text as values, with whole numbers of 16 digits and more kept as {@link BigLiteral}: DuckDB's AST
 * writes "no location" as 2^64-1, which `JSON.parse` would round to a number that DuckDB refuses.
 */
export function parseLossless(text: string): unknown {
  return JSON.parse(text.replaceAll(token, (found) => (found.startsWith('"') ? found : `{"$int":"${found}"}`)));
}

/** The text that {@link parseLossless} came from. No string can look like a marker: its quotes are escaped. */
export function stringifyLossless(value: unknown): string {
  return JSON.stringify(value).replaceAll(marked, '$1');
}

/** Whether a value is a number kept as its digits. */
export function isBigLiteral(value: unknown): value is BigLiteral {
  return isRecord(value) && '$int' in value;
}
