import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../../framework/model/error-codes.ts';
import { isRecord } from '../../../framework/model/path.ts';
import { functions } from '../../../framework/sql/dialect/functions.ts';
import { refusedExpressions, refusedFunctions } from '../../../framework/sql/dialect/refused-names.ts';
import { windowFunctions } from '../../../framework/sql/dialect/window-functions.ts';
import { checkQuery } from '../../../framework/sql/index.ts';
import { parseSelect } from '../../../framework/sql/parse/parse-select.ts';
import { sampleCatalog } from '../sample-catalog.ts';

const place = new URL('../../../framework/docs/sql.md', import.meta.url);
const page = readFileSync(place, 'utf8');

/** The rows of the table between two marks, without its head; `\|` is a bar. */
function rowsOf(mark: string): readonly (readonly string[])[] {
  const block = new RegExp(`<!-- ${mark} -->\\n([\\s\\S]*?)<!-- end -->`).exec(page)?.[1] ?? '';
  const cells = (line: string) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|'));
  return block.trim().split('\n').slice(2).map(cells);
}

/** What stands between backticks. */
function code(cell: string | undefined): string {
  return /^`(.*)`$/.exec(cell ?? '')?.[1] ?? '';
}

async function problemsOf(sql: string): Promise<readonly string[]> {
  const { problems } = await checkQuery(sql, sampleCatalog);
  return problems.filter(({ severity }) => severity === 'error').map((problem) => problem.code);
}

describe('docs/sql.md', () => {
  test.each(rowsOf('functions'))('%s gives %s', async (write, gives) => {
    const sql = `SELECT ${code(write)} AS x FROM okta_systemlog WHERE p_occurs_since('1 day')`;
    const { columns, problems } = await checkQuery(sql, sampleCatalog);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(columns.map(({ type }) => type)).toEqual([gives]);
  });

  test('shows every function of the subset, and no other', async () => {
    const shown = new Set<string>();
    for (const [write] of rowsOf('functions')) {
      const { node } = await parseSelect(`SELECT ${code(write)} AS x`);
      for (const name of functionsIn(node)) shown.add(name);
    }
    const known = new Set([...Object.keys(functions), ...Object.keys(windowFunctions)]);
    expect([...known].filter((name) => !shown.has(name))).toEqual([]);
    expect([...shown].filter((name) => !known.has(name) && name !== 'INTERVAL')).toEqual([]);
  });

  test.each(rowsOf('statements'))('%s is refused, and %s is not', async (instead, write, expected) => {
    expect(await problemsOf(code(instead))).toEqual([expected]);
    expect(await problemsOf(code(write))).toEqual([]);
  });

  test('names codes that exist', () => {
    const named = page.match(/\bSQL_[A-Z_]+\b/g) ?? [];
    expect(named.filter((one) => !Object.hasOwn(errorCodes, one))).toEqual([]);
  });

  const examples = [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql = '']) => sql);
  test.each(examples)('the example %s has no problem', async (sql) => {
    const { problems } = await checkQuery(sql, sampleCatalog);
    expect(problems).toEqual([]);
  });

  test('holds the refusals of the gate, word for word (vitest -u writes them)', async () => {
    const written = withBlock(withBlock(page, 'refused functions', functionTable()), 'refused expressions', kinds());
    await expect(written).toMatchFileSnapshot(place.pathname);
  });
});

function functionTable(): string {
  const byText = new Map<string, string[]>();
  for (const [name, { reason, instead }] of refusedFunctions) {
    const text = `${reason} | ${instead}`;
    byText.set(text, [...(byText.get(text) ?? []), `\`${name}\``]);
  }
  const rows = [...byText].map(([text, names]) => `| ${names.join(', ')} | ${text} |`);
  return ['| Function | Because it | Instead |', '| --- | --- | --- |', ...rows].join('\n');
}

function kinds(): string {
  const rows = Object.values(refusedExpressions).map(([what, instead]) => `| ${what} | ${instead} |`);
  return ['| Kind | Instead |', '| --- | --- |', ...rows].join('\n');
}

function withBlock(text: string, mark: string, block: string): string {
  return text.replace(
    new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*?(<!-- end -->)`),
    (_, start: string, end: string) => `${start}${block}\n${end}`,
  );
}

/** The functions that an AST calls, windows among them. */
function functionsIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(functionsIn);
  if (!isRecord(node)) return [];
  const own = node.class === 'FUNCTION' || node.class === 'WINDOW' ? [String(node.function_name)] : [];
  return [...own, ...Object.values(node).flatMap(functionsIn)];
}
