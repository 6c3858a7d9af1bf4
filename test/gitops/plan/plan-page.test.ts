import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { completePlan, makePlan, policies } from '../../../framework/gitops/plan/index.ts';
import { errorCodes } from '../../../framework/model/error-codes.ts';
import { copyContent } from '../../copy-content.ts';

const file = fileURLToPath(new URL('../../../framework/docs/plan.md', import.meta.url));
const page = readFileSync(file, 'utf8');

describe('docs/plan.md', () => {
  it('holds the policies, each as severe as it is (vitest -u writes them)', async () => {
    const rows = policies.map(({ code, severity, breaking }) => {
      return `| \`${code}\` | ${severity}${breaking ? ', breaking' : ''} | ${errorCodes[code]} |`;
    });
    const table = ['| policy | severity | finds |', '|---|---|---|', ...rows].join('\n');
    const block = /<!-- policies -->\n[\s\S]*?<!-- end -->/;
    expect(page).toMatch(block);
    await expect(page.replace(block, `<!-- policies -->\n${table}\n<!-- end -->`)).toMatchFileSnapshot(file);
  });

  it('names every field of a plan, and no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-page-'));
    try {
      const { bundle, policies: settings } = await compileContent({ root: copyContent(folder), types: false });
      if (!bundle) throw new Error('The content of the repository does not compile.');
      const after = { bundle, lineage: { nodes: [], edges: [] }, digest: 'sha256:1', commit: undefined };
      const base = { kind: 'nothing', reason: '' } as const;
      const made = makePlan({ base, before: undefined, after, policies: settings, problems: [], nowMs: 0 });
      const drift = { commit: '4f0c2a1', items: [] };
      const plan = completePlan(made, { tests: null, backtests: [], drift, mutes: [] });
      const table = /<!-- fields -->\n([\s\S]*?)<!-- end -->/.exec(page)?.[1] ?? '';
      const named = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
      expect(named).toEqual(Object.keys(plan));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('shows settings that compile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-page-'));
    try {
      const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
      const root = copyContent(folder);
      writeFileSync(join(root, 'margay.config.ts'), example);
      const { problems, policies: settings } = await compileContent({ root, types: false });
      expect(problems).toEqual([]);
      expect(settings.severities).toEqual({ PLAN_OWNER_MISSING: 'error', PLAN_SCHEDULE_CHANGED: 'off' });
      expect(settings.waivers[0]).toMatchObject({ until: '2026-12-31', where: { file: 'margay.config.ts' } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
