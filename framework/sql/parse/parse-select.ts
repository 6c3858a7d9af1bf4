import type { QueryNode } from '../ast/ast.ts';
import { createReport, type Report } from '../sql-problem.ts';
import { byteOffsets } from './byte-offsets.ts';
import { countStatements, type SerializedSql, serializeSql } from './serialize-sql.ts';

/** One SELECT, parsed; `node` is absent when the report says why. */
export interface ParsedSelect {
  readonly node: QueryNode | undefined;
  readonly report: Report;
}

const oneSelectHint = 'Write one SELECT (or WITH … SELECT), without a second statement after it.';

/** Parses SQL that must be exactly one SELECT. Nothing is bound or run. */
export async function parseSelect(sql: string): Promise<ParsedSelect> {
  const toChars = byteOffsets(sql);
  const report = createReport(toChars);
  // A NUL ends the text for DuckDB's parser: what stands behind it would be neither checked nor seen.
  const nul = sql.indexOf('\0');
  if (nul >= 0) {
    report.add('SQL_SYNTAX', nul, 'The text holds a NUL character.', 'Delete it.');
    return { node: undefined, report };
  }
  const parsed = await serializeSql(sql);
  if (parsed.error) {
    reportFailure(parsed, sql, report, toChars);
    return { node: undefined, report };
  }
  const [statement] = parsed.statements ?? [];
  if (statement === undefined) {
    report.add('SQL_NOT_ONE_SELECT', 0, 'The text holds no statement.', oneSelectHint);
  } else if (parsed.statements.length > 1 || (await countStatements(sql)) !== 1) {
    report.add('SQL_NOT_ONE_SELECT', 0, 'The text holds more than one statement.', oneSelectHint);
  } else {
    return { node: statement.node as QueryNode, report };
  }
  return { node: undefined, report };
}

function reportFailure(
  failure: SerializedSql & { readonly error: true },
  sql: string,
  report: Report,
  toChars: (bytes: number) => number,
): void {
  if (failure.error_type !== 'parser') {
    report.add('SQL_NOT_ONE_SELECT', 0, 'The text is not one SELECT.', oneSelectHint);
    return;
  }
  const offset = failure.position === undefined ? undefined : Math.min(toChars(Number(failure.position)), sql.length);
  report.add(
    'SQL_SYNTAX',
    offset,
    `The SQL can't be read: ${firstLine(failure.error_message)}.`,
    syntaxHint(failure.error_message),
  );
}

function syntaxHint(message: string): string {
  const near = /at or near "(.*)"/s.exec(message)?.[1];
  if (/end of input/.test(message)) return 'The text ends too early: look for a missing name, parenthesis or quote.';
  if (/unterminated/.test(message)) return "Close the quote. A quote inside a text is written twice: 'it''s'.";
  if (near !== undefined && /^[a-z_]+$/i.test(near)) {
    return `Look just before '${near}'. If it is meant as a name: it is a keyword, write "${near}" in double quotes.`;
  }
  return near === undefined ? 'Look for a missing comma, parenthesis or quote.' : `Look just before '${near}'.`;
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/[.!]$/, '');
}
