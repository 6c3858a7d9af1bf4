import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renderLineageMermaid } from '../../framework/cli/reporters/lineage-mermaid.ts';
import { renderLineageTree } from '../../framework/cli/reporters/lineage-tree.ts';
import { openTerminal } from '../../framework/cli/terminal.ts';
import type { LineageGraph } from '../../framework/model/lineage.ts';
import { runMargay } from './run-margay.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const founding = 'okta/mfa-bypass-repeated';

describe('graph', () => {
  it.each([
    ['tree', [founding]],
    ['mermaid', ['--mermaid', founding]],
    ['affected', ['--affected', 'okta/mfa-bypass-group-member-added']],
  ])('shows the founding story as it was reviewed: %s', async (name, args) => {
    const { code, stdout } = await runMargay(['graph', ...args], { cwd: repository });
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`golden/graph/${name}.txt`);
  });

  it('gives nodes and edges as JSON, and what is affected', async () => {
    const args = ['graph', '--json', 'query:okta/mfa-bypass-adds-by-user'];
    const report = JSON.parse((await runMargay(args, { cwd: repository })).stdout);
    expect(report.asked).toEqual(['query:okta/mfa-bypass-adds-by-user']);
    expect(report.affected).toEqual([`detection:${founding}`, 'destination:slack', 'destination:terminal']);
    expect(report.edges).toContainEqual({
      from: 'detection:okta/mfa-bypass-group-member-added',
      to: 'query:okta/mfa-bypass-adds-by-user',
      via: 'rule_matches',
      fields: expect.arrayContaining([{ from: 'member', to: 'member' }]),
    });
  });

  it('refuses an id that nothing has', async () => {
    const unknown = await runMargay(['graph', 'okta/mfa-bypass-repeatd'], { cwd: repository });
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain(`Did you mean '${founding}'?`);
  });

  it('refuses to say what nothing affects', async () => {
    expect((await runMargay(['graph', '--affected'], { cwd: repository })).code).toBe(3);
  });

  it('refuses two forms at once', async () => {
    const { code, stdout, stderr } = await runMargay(['graph', '--mermaid', '-q', '--json'], { cwd: repository });
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining('Choose one of --mermaid and --json.'),
    });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CLI_ARGUMENTS_INVALID' } });
  });

  it('refuses content that does not compile', async () => {
    const root = mkdtempSync(join(tmpdir(), 'margay-graph-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    cpSync(join(repository, 'detections'), join(root, 'detections'), { recursive: true });
    writeFileSync(join(root, 'detections/broken.yml'), 'title: [\n');
    const broken = await runMargay(['graph'], { cwd: root });
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('COMPILE_YAML_INVALID');
  });
});

const node = (key: string, name: string, note = '') =>
  ({ key, kind: key.split(':')[0] as 'detection', name, note }) as const;

it('labels of a diagram cannot end it or be markup', () => {
  const hostile = 'a"] --> x <b>&amp;</b>\n```';
  const graph: LineageGraph = {
    nodes: [node('detection:a', hostile), node('destination:b', 'b')],
    edges: [{ from: 'detection:a', to: 'destination:b', fields: [{ from: '"|x', to: 'y' }] }],
  };
  expect(renderLineageMermaid(graph).split('\n')).toEqual([
    '```mermaid',
    'flowchart LR',
    '  n0["a#34;#93; --#62; x #60;b#62;#38;amp#59;#60;/b#62;#10;#96;#96;#96;"]',
    '  n1(["b"])',
    '  n0 -->|"#34;#124;x"| n1',
    '```',
  ]);
});

it('a tree shows what follows a node once, and circles too', () => {
  const graph: LineageGraph = {
    nodes: [
      node('log-type:L', 'L'),
      node('detection:a', 'a'),
      node('detection:b', 'b'),
      node('query:q', 'q', 'every 1h'),
    ],
    edges: [
      { from: 'log-type:L', to: 'detection:a', fields: [] },
      { from: 'log-type:L', to: 'detection:b', fields: [] },
      { from: 'detection:a', to: 'query:q', via: 'rule_matches', fields: [] },
      { from: 'detection:b', to: 'query:q', via: 'rule_matches', fields: [] },
      { from: 'query:q', to: 'detection:a', fields: [] },
    ],
  };
  const { colors } = openTerminal({ color: false });
  expect(renderLineageTree(graph, { fields: false, colors }).split('\n')).toEqual([
    'L  log type',
    '├─ a  detection',
    '│  └─ rule_matches → q  query, every 1h',
    '│     └─ a  detection, see above',
    '└─ b  detection',
    '   └─ rule_matches → q  query, every 1h, see above',
  ]);
});
