import { describe, expect, it } from 'vitest';
import { buildLineage, compileContent } from '../../../framework/compile/index.ts';
import { affectedBy, type LineageGraph, lineageAround } from '../../../framework/model/lineage.ts';
import { contentFolder } from '../content/content-folder.ts';

const detection = (lines: string): string => `title: Detection
${lines}
tests:
  - { name: a, log: { uuid: a, eventType: x }, expect: { match: true } }
  - { name: b, log: { uuid: a, eventType: y }, expect: { match: false } }
`;
const scheduled = (query: string): string => `title: Scheduled
query: ${query}
dedup: { by: [who] }
alertTitle: '{who}: {n}'
`;
const query = (sql: string): string => `title: Query
query: |
  ${sql}
schedule: { every: 1h }
`;

const content: Readonly<Record<string, string>> = {
  'margay.config.ts': `import { defineConfig } from 'margay';
export default defineConfig({ destinations: {
  file: { type: 'file', path: 'low.ndjson', levels: ['low+'] },
  loud: { type: 'file', path: 'high.ndjson', levels: ['critical'] },
  named: { type: 'file', path: 'named.ndjson', levels: [] },
} });
`,
  'detections/yaml.yml': detection(`logTypes: [Okta.SystemLog]
level: low
detection:
  it: { eventType: x, 'target|any': { type: User }, actor.id|fieldref: 'target[0].id' }
  condition: it
dedup: { by: [actor.id] }
context: { member: { from: actor.alternateId } }
destinations: [named]`),
  'detections/code.yml': detection(`logTypes: [Okta.SystemLog]
level: low
dedup: { by: [actor.id] }`),
  'detections/code.ts': `import { detection } from 'margay';
export default detection<'code'>({ rule: (event) => event.eventType === 'x', level: () => 'critical' });
`,
  'detections/silent.yml': detection(`logTypes: [Okta.SystemLog]
detection: { it: { eventType: x }, condition: it }
dedup: { by: [actor.id] }
destinations: []`),
  'detections/over-named.yml': scheduled('named'),
  'detections/over-all.yml': scheduled('all'),
  'scheduled-queries/named.yml': query(
    `WITH m AS (SELECT p_alert_context ->> 'member' AS who, p_event_time AS at FROM rule_matches WHERE p_rule_id = 'yaml' AND p_occurs_since('1 day')) SELECT m.who, count(*) AS n FROM m LEFT JOIN okta_systemlog o ON o.uuid = m.who AND p_occurs_since('1 day', o.p_event_time) GROUP BY m.who`,
  ),
  'scheduled-queries/all.yml': query(
    `SELECT p_dedup AS who, count(*) AS n FROM rule_matches WHERE p_occurs_since('1 day') GROUP BY p_dedup`,
  ),
};

async function graphOf(files: Readonly<Record<string, string>>): Promise<LineageGraph> {
  const { bundle, problems } = await compileContent({ root: await contentFolder(files), types: false });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return buildLineage(bundle as NonNullable<typeof bundle>);
}

function edges({ edges }: LineageGraph, to: string): readonly string[] {
  return edges
    .filter((edge) => edge.to === to)
    .map(({ from, via, fields }) =>
      [from, ...(via ? [`via ${via}`] : []), ...fields.map((field) => `${field.from} > ${field.to}`)].join(' | '),
    );
}

describe('the lineage of content', () => {
  it('says which fields a detection reads, and what for', async () => {
    const graph = await graphOf(content);
    expect(edges(graph, 'detection:yaml')).toEqual([
      'log-type:Okta.SystemLog | eventType > condition | target[].type > condition | actor.id > condition | target[0].id > condition | actor.alternateId > member | actor.id > dedup',
    ]);
    expect(edges(graph, 'detection:code')).toEqual(['log-type:Okta.SystemLog | actor.id > dedup | * > code']);
    expect(edges(graph, 'detection:over-named')).toEqual(['query:named | who > title | n > title | who > dedup']);
  });

  it('goes from context columns to result columns, and names what only filters', async () => {
    const graph = await graphOf(content);
    expect(edges(graph, 'query:named').toSorted()).toEqual([
      'detection:yaml | via rule_matches | (rows) > n | member > who | p_event_time > filter | p_rule_id > filter',
      'log-type:Okta.SystemLog | uuid > filter | p_event_time > filter',
    ]);
  });

  it('of a query that names no detection goes through the table, from all of them', async () => {
    const graph = await graphOf(content);
    expect(edges(graph, 'query:all')).toEqual([
      'table:rule_matches | (rows) > n | p_dedup > who | p_event_time > filter',
    ]);
    const into = edges(graph, 'table:rule_matches');
    expect(into).toEqual(['code', 'over-all', 'over-named', 'silent', 'yaml'].map((id) => `detection:${id}`));
  });

  it('ends where alerts go, by name, by level, or wherever code may send them', async () => {
    const graph = await graphOf(content);
    const from = (id: string) => graph.edges.filter((edge) => edge.from === id && edge.to.startsWith('dest'));
    expect(from('detection:yaml').map(({ to }) => to)).toEqual(['destination:named']);
    expect(from('detection:over-named').map(({ to }) => to)).toEqual(['destination:file']);
    expect(from('detection:code').map(({ to }) => to)).toEqual(['destination:file', 'destination:loud']);
    expect(from('detection:silent')).toEqual([]);
  });
});

it('a lookup is upstream of the queries that join it, and gives no rows of its own', async () => {
  const graph = await graphOf({
    ...content,
    'lookups/people.yml': `description: People.
columns: { who: { type: string }, team: { type: string } }
key: who
rows: [{ who: a, team: red }]
`,
    'scheduled-queries/named.yml': query(
      `SELECT p.team AS who, count(*) AS n FROM okta_systemlog o JOIN people p ON p.who = o.uuid WHERE p_occurs_since('1 day') GROUP BY p.team`,
    ),
  });
  expect(edges(graph, 'query:named').toSorted()).toEqual([
    'log-type:Okta.SystemLog | (rows) > n | uuid > filter | p_event_time > filter',
    'lookup:people | team > who | who > filter',
  ]);
  expect(graph.nodes).toContainEqual({ key: 'lookup:people', kind: 'lookup', name: 'people', note: '1 row' });
  expect(affectedBy(graph, ['lookup:people'])).toEqual(expect.arrayContaining(['query:named', 'detection:over-named']));
});

describe('what a change can reach', () => {
  it('is everything downstream, through circles too, and never itself', async () => {
    const graph = await graphOf(content);
    expect(affectedBy(graph, ['query:named'])).toEqual([
      'table:rule_matches',
      'detection:over-all',
      'detection:over-named',
      'query:all',
      'destination:file',
    ]);
    expect(affectedBy(graph, ['destination:file'])).toEqual([]);
    expect(affectedBy(graph, [])).toEqual([]);
  });

  it('is shown with what comes before it', async () => {
    const graph = await graphOf(content);
    const { nodes, edges: around } = lineageAround(graph, ['destination:named']);
    expect(nodes.map(({ key }) => key)).toEqual(['log-type:Okta.SystemLog', 'detection:yaml', 'destination:named']);
    expect(around.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'log-type:Okta.SystemLog > detection:yaml',
      'detection:yaml > destination:named',
    ]);
  });
});
