import { describe, expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { contentFolder } from '../content/content-folder.ts';

const columns = `description: Networks that are ours.
columns:
  cidr: { type: string, description: The network. }
  site: { type: string }
  hosts: { type: bigint }
  share: { type: double }
  trusted: { type: boolean }
  since: { type: timestamp }
key: cidr
`;
const inline = `${columns}rows:
  - { cidr: 198.51.100.0/24, hosts: 12, share: 0.5, trusted: true, since: '2026-01-01T01:00:00+01:00' }
  - { cidr: 192.0.2.0/24, site: 'Paris, "old"', hosts: null, trusted: false }
`;
const csv = `since,trusted,cidr,site,hosts,share
2026-01-01T00:00:00Z,true,198.51.100.0/24,,12,5e-1
,false,192.0.2.0/24,"Paris, ""old""",,
`;
const ndjson = `{"cidr":"192.0.2.0/24","trusted":false,"site":"Paris, \\"old\\""}

{"trusted":true,"hosts":12,"share":0.5,"since":"2026-01-01T00:00:00Z","cidr":"198.51.100.0/24"}
`;
const fileOf = (name: string): string => `${columns}file: ${name}\n`;

async function compile(files: Readonly<Record<string, string>>) {
  const compiled = await compileContent({ root: await contentFolder(files), types: false });
  return { ...compiled, lookups: compiled.bundle?.lookups };
}

async function digestOf(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  return (await compile(files)).envelope?.digest;
}

describe('the rows of a lookup', () => {
  it('are typed, sorted by key, and hold NULL for what is not said', async () => {
    const { lookups, problems, files } = await compile({ 'lookups/net/ours.yml': inline });
    expect(problems).toEqual([]);
    expect(files).toEqual(['lookups/net/ours.yml']);
    expect(lookups).toEqual([
      {
        id: 'net/ours',
        table: 'net_ours',
        description: 'Networks that are ours.',
        key: 'cidr',
        columns: [
          { name: 'cidr', type: 'VARCHAR', nullable: false, description: 'The network.' },
          { name: 'site', type: 'VARCHAR', nullable: true },
          { name: 'hosts', type: 'BIGINT', nullable: true },
          { name: 'share', type: 'DOUBLE', nullable: true },
          { name: 'trusted', type: 'BOOLEAN', nullable: true },
          { name: 'since', type: 'TIMESTAMP', nullable: true },
        ],
        rows: [
          ['192.0.2.0/24', 'Paris, "old"', null, null, false, null],
          ['198.51.100.0/24', null, 12, 0.5, true, '2026-01-01T00:00:00.000Z'],
        ],
      },
    ]);
  });

  it('give the same bundle from YAML, CSV and NDJSON, in whatever order and with whatever line ends', async () => {
    const digest = await digestOf({ 'lookups/net/ours.yml': inline });
    expect(digest).toMatch(/^sha256:/);
    const shuffled = csv
      .split('\n')
      .slice(0, 3)
      .toSpliced(1, 2, ...csv.split('\n').slice(1, 3).reverse())
      .join('\r\n');
    for (const [name, text] of [
      ['ours.csv', csv],
      ['ours.csv', `\uFEFF${shuffled}`],
      ['ours.ndjson', ndjson],
    ] as const) {
      expect(await digestOf({ 'lookups/net/ours.yml': fileOf(name), [`lookups/net/${name}`]: text })).toBe(digest);
    }
  });

  it('are files that the compiler read, and change the digest', async () => {
    const before = await compile({ 'lookups/net/ours.yml': fileOf('ours.csv'), 'lookups/net/ours.csv': csv });
    expect(before.files).toEqual(['lookups/net/ours.csv', 'lookups/net/ours.yml']);
    const after = { 'lookups/net/ours.yml': fileOf('ours.csv'), 'lookups/net/ours.csv': csv.replace('12', '13') };
    expect(await digestOf(after)).not.toBe(before.envelope?.digest);
  });

  it('of a file that begins wrong are told up to twenty problems, and how many more there are', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => `net-${index},many,,,,\n`);
    const broken = `cidr,hosts,site,share,trusted,since\n${rows.join('')}`;
    const { problems } = await compile({ 'lookups/n.yml': fileOf('n.csv'), 'lookups/n.csv': broken });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toMatchObject({
      code: 'COMPILE_TYPE_WRONG',
      message: '80 more things are wrong from here on.',
      where: { file: 'lookups/n.csv', line: 22, col: 8 },
    });
  });

  it('of a CSV file without a column of the lookup are a finding, and NULL there', async () => {
    const rows = 'cidr,hosts,share,since\na,1,,\n';
    const { lookups, problems } = await compile({ 'lookups/n.yml': fileOf('n.csv'), 'lookups/n.csv': rows });
    const hint = 'Name it there, or remove it from the columns of the lookup.';
    expect(problems).toEqual(
      ['site', 'trusted'].map((name) => ({
        code: 'COMPILE_LOOKUP_COLUMN_MISSING',
        message: `The first line has no '${name}', so it is NULL in every row.`,
        where: { file: 'lookups/n.csv', line: 1, col: 1 },
        hint,
        severity: 'finding',
      })),
    );
    expect(lookups?.[0]?.rows).toEqual([['a', null, 1, null, null, null]]);
  });

  it('never lose digits: a whole number beyond 2^53 is refused', async () => {
    const rows = `cidr,hosts,site,share,trusted,since\na,9007199254740991,,,,\nb,9007199254740993,,,,\n`;
    const { problems } = await compile({ 'lookups/n.yml': fileOf('n.csv'), 'lookups/n.csv': rows });
    expect(problems).toMatchObject([
      {
        message: "'hosts' is BIGINT and should be a whole number up to 2^53, and is '9007199254740993'.",
        where: { line: 3, col: 3 },
      },
    ]);
  });

  it('are fifty thousand at most, and eight million characters together', async () => {
    const many = `cidr\n${Array.from({ length: 50_001 }, (_, index) => `${index}\n`).join('')}`;
    const wide = (prefix: string): string =>
      `cidr,site\n${Array.from({ length: 4_000 }, (_, index) => `${prefix}${index},${'x'.repeat(1_030)}\n`).join('')}`;
    const { problems } = await compile({
      ...{ 'lookups/a.yml': fileOf('a.csv'), 'lookups/a.csv': many },
      ...{ 'lookups/b.yml': fileOf('b.csv'), 'lookups/b.csv': wide('b') },
      ...{ 'lookups/c.yml': fileOf('c.csv'), 'lookups/c.csv': wide('c') },
      ...{ 'lookups/d.yml': fileOf('d.csv'), 'lookups/d.csv': `cidr\n${'d'.repeat(4_194_304)}\n` },
    });
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, where }) => `${where?.file} ${code}`)).toEqual([
      'lookups/a.yml COMPILE_LOOKUP_TOO_LARGE',
      'lookups/c.yml COMPILE_LOOKUP_TOO_LARGE',
      'lookups/d.csv COMPILE_FILE_TOO_LARGE',
    ]);
  });
});

const query = (sql: string): string => `title: Query\nquery: |\n  ${sql}\nschedule: { every: 1h }\n`;

describe('a query over a lookup', () => {
  it('has its types, its key and its name for what is misspelt', async () => {
    const { bundle, problems } = await compile({
      'lookups/net/ours.yml': inline,
      'scheduled-queries/sound.yml': query('SELECT cidr, hosts, since FROM net_ours ORDER BY cidr LIMIT 5'),
      'scheduled-queries/table.yml': query('SELECT cidr FROM net_our'),
      'scheduled-queries/column.yml': query('SELECT cidr FROM net_ours WHERE trustd'),
    });
    expect(bundle).toBeUndefined();
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, hint }) => [code, hint])).toEqual([
      ['SQL_COLUMN_UNKNOWN', "Did you mean 'trusted'?"],
      ['SQL_TABLE_UNKNOWN', "Did you mean 'net_ours'?"],
    ]);
    expect(problems.filter(({ where }) => where?.file === 'scheduled-queries/sound.yml')).toEqual([
      expect.objectContaining({ code: 'COMPILE_TEST_MISSING' }),
    ]);
  });

  it('is not blamed for a row that is flawed', async () => {
    const { problems } = await compile({
      'lookups/net/ours.yml': inline.replace('hosts: 12', 'hosts: many'),
      'scheduled-queries/sound.yml': query('SELECT cidr, hosts FROM net_ours'),
    });
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'COMPILE_TYPE_WRONG', where: { file: 'lookups/net/ours.yml', line: 11, col: 37 } },
    ]);
  });
});
