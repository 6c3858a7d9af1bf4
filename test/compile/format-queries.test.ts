import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatQueries, formatQueryFile } from '../../framework/compile/format-queries.ts';
import { contentFolder } from './content/content-folder.ts';

const before = `# Adds per user.
title:   "Adds"   # odd blanks stay
query: |  # the SQL
    select p_alert_context->>'member' as member, count(*) as adds -- per user
    from rule_matches where p_occurs_since('30 days')
    group by 1


schedule: {every: 1h}
`;

const after = `# Adds per user.
title:   "Adds"   # odd blanks stay
query: |  # the SQL
    SELECT
      p_alert_context ->> 'member' AS member,
      count(*) AS adds -- per user
    FROM
      rule_matches
    WHERE
      p_occurs_since('30 days')
    GROUP BY
      1


schedule: {every: 1h}
`;

it('the SQL is laid out, comments stay, and the rest of the file is untouched', () => {
  expect(formatQueryFile(before)).toBe(after);
});

it('a second time changes nothing', () => {
  expect(formatQueryFile(after)).toBe(after);
});

it('lines that end in CRLF still do', () => {
  const crlf = formatQueryFile(before.replaceAll('\n', '\r\n'));
  expect(crlf).toBe(after.replaceAll('\n', '\r\n'));
});

it.each([
  ['a quoted query', "query: 'select 1'\n"],
  ['broken YAML', 'query: |\n  select 1\n a: [\n'],
  ['no query', 'title: x\n'],
  ['SQL that cannot be read', "query: |\n  select 'unclosed\n"],
  ['an empty block', 'query: |\ntitle: x\n'],
])('%s is left alone', (_, text) => {
  expect(formatQueryFile(text)).toBe(text);
});

it('with check, files are reported and not written', async () => {
  const root = await contentFolder({ 'scheduled-queries/a.yml': before, 'scheduled-queries/b.yml': after });
  const expected = [
    { file: 'scheduled-queries/a.yml', changed: true },
    { file: 'scheduled-queries/b.yml', changed: false },
  ];
  expect(await formatQueries(root, { check: true })).toEqual(expected);
  expect(await readFile(join(root, 'scheduled-queries/a.yml'), 'utf8')).toBe(before);
  expect(await formatQueries(root, { check: false })).toEqual(expected);
  expect(await readFile(join(root, 'scheduled-queries/a.yml'), 'utf8')).toBe(after);
});
