import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { diffBundles } from '../../../framework/gitops/plan/diff-bundles.ts';
import type { Bundle } from '../../../framework/model/bundle.ts';
import { type ContentChanges, copyContent } from '../../copy-content.ts';

const member = 'detections/okta/mfa-bypass-group-member-added.yml';
const admin = 'detections/okta/admin-role-granted';
const query = 'scheduled-queries/okta/mfa-bypass-adds-by-user.yml';
const helper = 'detections/okta/_roles.ts';

let folder: string;
let before: Bundle;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-plan-'));
  before = await compileChanged({ [`${admin}.ts`]: importingHelper(), [helper]: helperCode("'critical'") });
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a change of', () => {
  it('nothing is no change, wherever the content lies', async () => {
    expect(await diffChanged({})).toEqual({ items: [], unchangedCount: expect.any(Number) });
  });

  it('blanks, comments and line ends of YAML, SQL and TypeScript is no change', async () => {
    const { items } = await diffChanged({
      [member]: `# A comment.\r\n${read(member).replaceAll('\n', '\r\n')}`,
      [query]: read(query).replace('SELECT\n', 'select -- all of it\n   ').replace('HAVING', '/* often */ having'),
      [helper]: `// A comment.\n${helperCode("'critical'").replaceAll('  ', '\t\t')}`,
    });
    expect(items).toEqual([]);
  });

  it('a level is one of routing', async () => {
    const { items } = await diffChanged({ [member]: read(member).replace('level: informational', 'level: low') });
    expect(items).toEqual([
      expect.objectContaining({
        change: 'changed',
        kind: 'detection',
        id: 'okta/mfa-bypass-group-member-added',
        aspects: ['routing'],
        fields: [{ aspect: 'routing', field: 'level', before: 'informational', after: 'low' }],
      }),
    ]);
  });

  it('a runbook and a test is one of meta', async () => {
    const { items } = await diffChanged({
      [member]: `${read(member).replace(/runbook: \|\n/, 'runbook: |\n  0. Breathe.\n')}  - name: another test
    log: fixtures/okta/group-membership-add.json
    expect: { match: true }
`,
    });
    expect(items[0]).toMatchObject({ aspects: ['meta'] });
    expect(items[0]?.fields.map(({ field }) => field)).toEqual(['runbook', 'tests.another test']);
  });

  it('a condition is one of logic', async () => {
    const { items } = await diffChanged({ [member]: read(member).replaceAll('Bypass MFA', 'No MFA') });
    expect(items[0]?.aspects).toContain('logic');
    expect(items[0]?.fields.map(({ field }) => field)).toEqual(expect.arrayContaining(['condition', 'version']));
  });

  it('a helper is one of the logic of each detection that imports it', async () => {
    const { items } = await diffChanged({ [helper]: helperCode("'high'") });
    expect(items.map(({ id, aspects }) => ({ id, aspects }))).toEqual([
      { id: 'okta/admin-role-granted', aspects: ['logic'] },
    ]);
  });

  it("a query's SQL is one of logic, and its limit one of routing", async () => {
    const { items } = await diffChanged({
      [query]: read(query).replace('count(*) > 2', 'count(*) > 1').replace('maxRows: 1000', 'maxRows: 10'),
    });
    expect(items[0]).toMatchObject({ kind: 'query', aspects: ['logic', 'routing'] });
  });
});

describe('an id', () => {
  it('that an alias names continues the live item', async () => {
    const renamed = 'detections/okta/api-token-made.yml';
    const old = 'detections/okta/api-token-created.yml';
    const { items } = await diffChanged({ [old]: null, [renamed]: `aliases: [okta/api-token-created]\n${read(old)}` });
    expect(items).toEqual([
      expect.objectContaining({
        change: 'changed',
        id: 'okta/api-token-made',
        previousId: 'okta/api-token-created',
        aspects: ['meta'],
      }),
    ]);
  });

  it('that is new is added, one that is gone removed', async () => {
    const spray = read('detections/okta/api-token-created.yml');
    const { items, unchangedCount } = await diffChanged(
      {
        'detections/okta/api-token-created.yml': null,
        'detections/okta/a-new-one.yml': spray.replace('system.api_token.create', 'system.api_token.revoke'),
      },
      { problemsAllowed: true },
    );
    expect(items.map(({ change, id }) => [change, id])).toEqual([
      ['added', 'okta/a-new-one'],
      ['removed', 'okta/api-token-created'],
    ]);
    expect(unchangedCount).toBeGreaterThan(5);
  });
});

it('everything is added where nothing is live', () => {
  const { items, unchangedCount } = diffBundles(undefined, before);
  expect(unchangedCount).toBe(0);
  expect(new Set(items.map(({ change }) => change))).toEqual(new Set(['added']));
});

async function diffChanged(changes: ContentChanges, options?: { problemsAllowed: boolean }) {
  const base = { [`${admin}.ts`]: importingHelper(), [helper]: helperCode("'critical'") };
  return diffBundles(before, await compileChanged({ ...base, ...changes }, options));
}

async function compileChanged(changes: ContentChanges, options?: { problemsAllowed: boolean }): Promise<Bundle> {
  const { bundle, problems } = await compileContent({ root: copyContent(folder, changes), types: false });
  if (!options?.problemsAllowed) expect(problems).toEqual([]);
  if (!bundle) throw new Error(JSON.stringify(problems, null, 2));
  return bundle;
}

function read(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}

function importingHelper(): string {
  return read(`${admin}.ts`)
    .replace(
      "import { detection } from 'margay';\n",
      "import { detection } from 'margay';\nimport { worst } from './_roles.ts';\n",
    )
    .replace("return 'critical';", 'return worst();');
}

function helperCode(level: string): string {
  return `export function worst(): 'critical' | 'high' {\n  return ${level};\n}\n`;
}
