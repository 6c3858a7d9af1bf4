import { expect, it } from 'vitest';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import { openBundle } from '../../framework/model/open-bundle.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';

const detection = {
  id: 'okta/a',
  firstId: 'okta/a',
  aliases: [],
  title: 'A',
  description: '',
  level: 'high',
  mode: 'live',
  tags: [],
  references: [],
  falsePositives: [],
  owners: [],
  runbook: '',
  source: { kind: 'events', logTypes: ['Okta.SystemLog'] },
  functions: [],
  dedup: { by: [], periodMs: 3_600_000 },
  threshold: 1,
  context: {},
  alert: true,
  renotify: [],
  tests: [],
  version: 'sha256:0',
  where: { file: 'detections/okta/a.yml', line: 1, col: 1 },
};

const logType = {
  name: 'Okta.SystemLog',
  table: 'okta_systemlog',
  description: '',
  reference: '',
  logsources: [],
  eventTime: 'at',
  fields: {},
  model: {},
};

const lookup = {
  id: 'net/ours',
  table: 'net_ours',
  description: '',
  columns: [{ name: 'cidr', type: 'VARCHAR' }],
  key: 'cidr',
  rows: [['192.0.2.0/24']],
};

const bundle = {
  format: 1,
  margay: '0.1.0',
  logTypes: [logType],
  detections: [detection],
  queries: [],
  lookups: [lookup],
  routing: { destinations: [] },
  retention: { rule_matches: 86_400_000 },
  code: '',
};

function envelope(content: unknown) {
  const text = typeof content === 'string' ? content : canonicalJson(content);
  return { digest: sha256Digest(text), content: text };
}

it('a bundle comes out of its envelope as it went in', () => {
  expect(openBundle(envelope(bundle))).toEqual(bundle);
});

it('a bundle that knows no retention keeps every table, and one that knows no lookups has none', () => {
  const { retention: _, lookups: __, ...before } = bundle;
  expect(openBundle(envelope(before))).toMatchObject({ retention: {}, lookups: [] });
});

it('a flipped byte is found by the digest', () => {
  const { digest, content } = envelope(bundle);
  const changed = { digest, content: content.replace('"high"', '"lowx"') };
  expect(() => openBundle(changed)).toThrow(expect.objectContaining({ code: 'COMPILE_BUNDLE_DIGEST' }));
});

it.each([
  ['text that is not JSON', '{', 'its content is not JSON'],
  ['a list', [], 'its content is no object'],
  ['a later format', { ...bundle, format: 2 }, 'it has format 2, and this version reads format 1'],
  ['an unknown level', { ...bundle, detections: [{ ...detection, level: 'grave' }] }, "'detections' has another shape"],
  ['a query without SQL', { ...bundle, queries: [{ id: 'q' }] }, "'queries' has another shape"],
  ['routing that is missing', { ...bundle, routing: undefined }, "'routing' has another shape"],
  ['a log type without fields', { ...bundle, logTypes: [{ ...logType, fields: [] }] }, "'logTypes' has another shape"],
  ['a retention that is no number', { ...bundle, retention: { alerts: '1d' } }, "'retention' has another shape"],
  [
    'a silence that is no number',
    { ...bundle, logTypes: [{ ...logType, silentAfterMs: '2h' }] },
    "'logTypes' has another",
  ],
  ['a lookup without rows', { ...bundle, lookups: [{ ...lookup, rows: [{}] }] }, "'lookups' has another shape"],
  ['code that is no text', { ...bundle, code: null }, "'margay' and 'code' must be texts"],
  [
    'a source that is not in it',
    { ...bundle, logTypes: [] },
    "detection 'okta/a' reads 'Okta.SystemLog', which it does not hold",
  ],
])('%s is refused with its reason', (_, content, reason) => {
  const refusal = expect.objectContaining({ code: 'COMPILE_BUNDLE_INVALID', message: expect.stringContaining(reason) });
  expect(() => openBundle(envelope(content))).toThrow(refusal);
});

it('what is no envelope is refused', () => {
  const refusal = expect.objectContaining({ code: 'COMPILE_BUNDLE_INVALID' });
  expect(() => openBundle({ content: '{}' } as never)).toThrow(refusal);
  expect(() => openBundle(null as never)).toThrow(refusal);
});
