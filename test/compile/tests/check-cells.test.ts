import { expect, it } from 'vitest';
import { FileReport } from '../../../framework/compile/file-report.ts';
import { checkCells } from '../../../framework/compile/tests/check-cells.ts';
import { loadYaml } from '../../../framework/compile/yaml/load-yaml.ts';
import type { Column } from '../../../framework/model/table.ts';

const columns: readonly Column[] = [
  { name: 'who', type: 'VARCHAR' },
  { name: 'n', type: 'BIGINT', nullable: false },
  { name: 'share', type: 'DOUBLE' },
  { name: 'ok', type: 'BOOLEAN' },
  { name: 'last', type: 'TIMESTAMP' },
  { name: 'detail', type: 'JSON' },
  { name: 'ips', type: 'VARCHAR[]' },
  { name: 'udm', type: 'STRUCT', fields: ['source_ip'] },
];

function check(row: string) {
  const { yaml } = loadYaml('q.yml', `- ${row}\n`);
  const report = new FileReport(yaml);
  const unknown = (name: string) =>
    ({ code: 'COMPILE_FIELD_UNKNOWN', message: `The query has no column '${name}'.` }) as const;
  const rows = checkCells(yaml.value as readonly Record<string, unknown>[], { columns, unknown }, report, []);
  return { rows, problems: report.problems };
}

it('values of the right type pass, and times become those of rows', () => {
  const row =
    "{ who: a, n: 3, share: 0.5, ok: true, last: '2026-01-15T12:00+02:00', detail: { a: [1] }, ips: [192.0.2.1, null], udm: { source_ip: 192.0.2.1 } }";
  const { rows, problems } = check(row);
  expect(problems).toEqual([]);
  expect(rows).toMatchObject([{ who: 'a', last: '2026-01-15T10:00:00.000Z', udm: { source_ip: '192.0.2.1' } }]);
  expect(check('{ who: null, share: null, ok: null, last: null, ips: null, udm: null }').problems).toEqual([]);
});

it.each([
  ['{ who: 3 }', "'who' is VARCHAR and should be a text, and is the number 3.", "Write it in quotes: '3'."],
  ["{ n: '3' }", "'n' is BIGINT and should be a whole number up to 2^53, and is '3'.", 'Write it without quotes.'],
  [
    '{ n: 9007199254740993 }',
    "'n' is BIGINT and should be a whole number up to 2^53, and is the number 9007199254740992.",
    'A number as large loses digits; make the column a text (VARCHAR).',
  ],
  ['{ n: 3.5 }', "'n' is BIGINT and should be a whole number up to 2^53, and is the number 3.5.", undefined],
  ['{ n: null }', "'n' is BIGINT and never NULL, and should be a whole number up to 2^53.", undefined],
  ['{ share: many }', "'share' is DOUBLE and should be a number, and is 'many'.", undefined],
  ["{ ok: 'true' }", "'ok' is BOOLEAN and should be true or false, and is 'true'.", 'Write it without quotes.'],
  [
    '{ last: 2026-01-15 }',
    "'last' is TIMESTAMP and should be a time such as '2026-01-15T12:00:00Z', and is '2026-01-15'.",
    "Write date, time and offset: '2026-01-15T12:00:00Z'.",
  ],
  ['{ ips: 192.0.2.1 }', "'ips' is VARCHAR[] and should be a list of texts, and is '192.0.2.1'.", undefined],
  ['{ udm: { ip: x } }', "'udm' is STRUCT and should be a map of texts, and is a map.", undefined],
])('%s is no such row', (row, message, hint) => {
  const { problems } = check(row);
  const col = row.indexOf(':') + 5;
  expect(problems).toEqual([
    {
      code: 'COMPILE_TYPE_WRONG',
      message,
      where: { file: 'q.yml', line: 1, col },
      ...(hint === undefined ? {} : { hint }),
      severity: 'error',
    },
  ]);
});

it('a name that is no column is told at its key, with the nearest', () => {
  expect(check('{ whi: a }').problems).toMatchObject([
    { code: 'COMPILE_FIELD_UNKNOWN', where: { line: 1, col: 5 }, hint: "Did you mean 'who'?" },
  ]);
});
