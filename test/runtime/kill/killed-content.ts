import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileContent } from '../../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';
import { generateOktaMonth } from '../../demo/okta-month.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** What is sent at once, under a key of its own. */
export interface Batch {
  readonly key: string;
  readonly logType: string;
  readonly body: Buffer;
}

/** The query that runs all the time; `tickingEveryMs` apart. */
export const tickingQuery = 'ticking';
export const tickingEveryMs = 2_000;

/** Fields of the log type that changes: each version declares one more. */
const doorFields = ['door', 'badge', 'panel'];

/** Every alert goes to one webhook. */
export const hookConfig = `
import { defineConfig, env } from 'margay';
export default defineConfig({
  destinations: { hook: { type: 'webhook', url: env('HOOK_URL'), levels: ['informational+'] } },
  default: 'hook',
});
`;

/** A detection with many alerts, each only after its second match. */
export const failedSignIns = `
title: Failed sign-in
level: low
logTypes: [Okta.SystemLog]
detection:
  failed: { eventType: user.session.start, outcome.result: FAILURE }
  condition: failed
dedup: { by: [actor.alternateId], period: 12h }
threshold: 2
context: { account: { from: actor.alternateId, type: string } }
tests:
  - { name: a failure matches, log: fixtures/okta/session-start-failure.json, expect: { match: true } }
  - { name: a success does not, log: fixtures/okta/session-start.json, expect: { match: false } }
`;

const ticking = `
title: Matches of ten years
query: SELECT count(*) AS matches FROM rule_matches WHERE p_occurs_since('3650 days')
schedule: { every: ${tickingEveryMs / 1_000}s }
settle: 0s
`;

const doors = (version: number): string => `
logType: Acme.Door
description: Doors of the office that were opened.
eventTime: openedAt
eventId: id
fields:
  id: { type: string }
  openedAt: { type: timestamp }
${doorFields
  .slice(0, version)
  .map((name) => `  ${name}: { type: string }`)
  .join('\n')}
`;

/** The repository's content with a query that runs all the time, and a log type that each version declares more of. */
export async function compileVersions(folder: string): Promise<readonly BundleEnvelope[]> {
  const envelopes: BundleEnvelope[] = [];
  for (const version of [1, 2, 3]) {
    const root = join(folder, `content-${version}`);
    for (const part of ['detections', 'scheduled-queries', 'lookups', 'fixtures'])
      cpSync(join(repository, part), join(root, part), { recursive: true });
    mkdirSync(join(root, 'log-types'));
    writeFileSync(join(root, 'margay.config.ts'), hookConfig);
    writeFileSync(join(root, 'detections/okta/failed-sign-in.yml'), failedSignIns);
    writeFileSync(join(root, `scheduled-queries/${tickingQuery}.yml`), ticking);
    writeFileSync(join(root, 'log-types/acme-door.yml'), doors(version));
    const { envelope, problems } = await compileContent({ root, types: false });
    if (!envelope) throw new Error(JSON.stringify(problems));
    envelopes.push(envelope);
  }
  return envelopes;
}

/**
 * A month of Okta in batches that each touch every day of it, so that days get one part after another and are merged;
 * every tenth batch is of doors.
 */
export function makeBatches(count: number, recordsPerBatch: number, endMs: number): readonly Batch[] {
  const { records } = generateOktaMonth(endMs, count * recordsPerBatch, 7);
  return Array.from({ length: count }, (_, index): Batch => {
    const lines = records.filter((_record, at) => at % count === index).map((record) => JSON.stringify(record));
    const door = { door: 'server room', badge: 'dana', panel: '203.0.113.9' };
    const opened = { id: `door-${index}`, openedAt: new Date(endMs - index * 3_600_000).toISOString(), ...door };
    const key = `batch-${index}`;
    return index % 10 === 9
      ? { key, logType: 'Acme.Door', body: Buffer.from(JSON.stringify(opened)) }
      : { key, logType: 'Okta.SystemLog', body: Buffer.from(lines.join('\n')) };
  });
}
