import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { makePlan, policies } from '../../../framework/gitops/plan/index.ts';
import type { Bundle } from '../../../framework/model/bundle.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import type { LogType } from '../../../framework/model/log-type.ts';
import type { PlanFinding, PolicyCode, PolicySettings } from '../../../framework/model/plan.ts';
import type { ScheduledQuery } from '../../../framework/model/scheduled-query.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const nowMs = Date.parse('2026-11-24T12:00:00Z');
const admin = 'okta/admin-role-granted';
const member = 'okta/mfa-bypass-group-member-added';
const repeated = 'okta/mfa-bypass-repeated';
const adds = 'okta/mfa-bypass-adds-by-user';

let live: Bundle;

beforeAll(async () => {
  const { bundle } = await compileContent({ root: repository, types: false });
  if (!bundle) throw new Error('The content of the repository does not compile.');
  live = bundle;
});

interface Case {
  readonly code: PolicyCode;
  readonly when: string;
  readonly change: (bundle: Bundle) => Bundle;
  readonly says: string;
}

const cases: readonly Case[] = [
  {
    code: 'PLAN_COLUMN_REMOVED',
    when: 'a result column gets another type',
    change: query(adds, ({ columns }) => ({
      version: 'v2',
      columns: columns.map((column) => (column.name === 'adds' ? { ...column, type: 'DOUBLE' } : column)),
    })),
    says: "The column 'adds' of 'okta/mfa-bypass-adds-by-user' was BIGINT and becomes DOUBLE.",
  },
  {
    code: 'PLAN_COLUMN_REMOVED',
    when: 'a context column goes',
    change: detection(member, ({ context: { actor: _, ...context } }) => ({ context })),
    says: "The column 'actor' of 'okta/mfa-bypass-group-member-added' is removed.",
  },
  {
    code: 'PLAN_COVERAGE_LOST',
    when: 'the last live detection of a technique is switched off',
    change: detection(admin, () => ({ mode: 'off' })),
    says: "T1098.003 loses its last live detection, 'okta/admin-role-granted'.",
  },
  {
    code: 'PLAN_DEDUP_CHANGED',
    when: 'another key groups matches',
    change: detection(admin, () => ({ dedup: { by: ['actor.alternateId', 'uuid'], periodMs: 7_200_000 } })),
    says: "'okta/admin-role-granted' groups by target[0].alternateId over 1h today, then by actor.alternateId + uuid over 2h; open alerts get no new matches.",
  },
  {
    code: 'PLAN_DESTINATION_REMOVED',
    when: 'a destination that a detection names goes',
    change: (bundle) => ({
      ...detection(admin, () => ({ destinations: ['slack'] }))(bundle),
      routing: { ...bundle.routing, destinations: bundle.routing.destinations.filter(({ name }) => name !== 'slack') },
    }),
    says: "The destination 'slack' is removed. 1 detections name it; their alerts go to the default.",
  },
  {
    code: 'PLAN_EVENT_ID_CHANGED',
    when: 'other records count as the same',
    change: logType(() => ({ eventId: 'transaction.id' })),
    says: "Records of 'Okta.SystemLog' were told apart by uuid, then by transaction.id.",
  },
  {
    code: 'PLAN_FIELD_RETYPED',
    when: 'a field below another gets another type',
    change: logType(({ fields: { actor, ...fields } }) => ({
      fields: { ...fields, actor: { ...actor, type: 'object', fields: { ...actor?.fields, id: { type: 'bigint' } } } },
    })),
    says: "The field 'actor.id' of 'Okta.SystemLog' was string and becomes bigint.",
  },
  {
    code: 'PLAN_LEVEL_LOWERED',
    when: 'a level falls below what a destination takes',
    change: detection(admin, () => ({ level: 'medium' })),
    says: "'okta/admin-role-granted' goes from high to medium; 'slack' will not get its alerts.",
  },
  {
    code: 'PLAN_LOGIC_WITHOUT_TEST',
    when: 'only the logic is changed',
    change: detection(admin, () => ({ version: 'v2' })),
    says: "The logic of 'okta/admin-role-granted' is changed, and its tests are not.",
  },
  {
    code: 'PLAN_OWNER_MISSING',
    when: 'a query is new and nobody owns it',
    change: (bundle) => ({
      ...bundle,
      queries: [...bundle.queries, { ...(bundle.queries[0] as ScheduledQuery), id: 'okta/new', owners: [] }],
    }),
    says: "'okta/new' has no owner.",
  },
  {
    code: 'PLAN_REMOVED_WHILE_READ',
    when: 'a query reads the matches of what is removed',
    change: (bundle) => ({ ...bundle, detections: bundle.detections.filter(({ id }) => id !== member) }),
    says: "'okta/mfa-bypass-adds-by-user' reads the matches of 'okta/mfa-bypass-group-member-added', which is removed.",
  },
  {
    code: 'PLAN_RENAME_WITHOUT_ALIAS',
    when: 'an id is replaced without an alias',
    change: detection(admin, () => ({ id: 'okta/admin-granted', firstId: 'okta/admin-granted' })),
    says: "'okta/admin-granted' has the logic of 'okta/admin-role-granted', which is removed; its matches and alerts would begin anew.",
  },
  {
    code: 'PLAN_RETENTION_SHORTENED',
    when: 'events that were kept for ever are kept for a year',
    change: logType(() => ({ retentionMs: 365 * 86_400_000 })),
    says: "Events of 'Okta.SystemLog' are kept for ever today, then 365d; older ones are deleted.",
  },
  {
    code: 'PLAN_RETENTION_SHORTENED',
    when: 'matches are',
    change: (bundle) => ({ ...bundle, retention: { rule_matches: 400 * 86_400_000 } }),
    says: 'Rows of rule_matches are kept for ever today, then 400d; older ones are deleted.',
  },
  {
    code: 'PLAN_RUNBOOK_MISSING',
    when: 'what pages somebody loses its runbook',
    change: detection(repeated, () => ({ runbook: ' ' })),
    says: "'okta/mfa-bypass-repeated' is high and has no runbook.",
  },
  {
    code: 'PLAN_SCHEDULE_CHANGED',
    when: 'a query runs at other times',
    change: query(adds, () => ({ version: 'v2', schedule: { cron: '0 6 * * *' } })),
    says: "'okta/mfa-bypass-adds-by-user' runs every 1h today, then at '0 6 * * *'.",
  },
  {
    code: 'PLAN_SILENCED',
    when: 'a live detection goes to shadow',
    change: detection(admin, () => ({ mode: 'shadow' })),
    says: "'okta/admin-role-granted' is silenced: its mode is 'shadow'.",
  },
  {
    code: 'PLAN_SILENCED',
    when: 'its alerts go nowhere',
    change: detection(admin, () => ({ destinations: [] })),
    says: "'okta/admin-role-granted' is silenced: `destinations: []`.",
  },
  {
    code: 'PLAN_SOURCE_KIND_CHANGED',
    when: 'a detection of events reads rows',
    change: detection(admin, () => ({ source: { kind: 'query', query: adds } })),
    says: "'okta/admin-role-granted' read events and now reads the rows of a query.",
  },
  {
    code: 'PLAN_THRESHOLD_RAISED',
    when: 'more matches are needed',
    change: detection(admin, () => ({ threshold: 5 })),
    says: "'okta/admin-role-granted' needs 5 matches in its window for an alert, and 1 today.",
  },
];

describe('the policy', () => {
  it.each(cases)('$code speaks when $when', ({ code, change, says }) => {
    const found = judge(change(live)).filter(({ policy }) => policy === code);
    expect(found.map(({ message }) => message)).toEqual([says]);
    expect(found[0]?.hint).toMatch(/\S/);
  });

  it('is tried by a case, each of them', () => {
    expect([...new Set(cases.map(({ code }) => code))].sort()).toEqual(policies.map(({ code }) => code).sort());
  });

  it('says nothing when nothing changes', () => {
    expect(judge(live)).toEqual([]);
  });

  it('says nothing of a renamed detection, with its alias, that a query reads by its new id', () => {
    const renamed = detection(member, () => ({ id: 'okta/added', aliases: [member] }));
    const reading = query(adds, ({ sql }) => ({ sql: sql.replaceAll(member, 'okta/added') }));
    expect(judge(reading(renamed(live)))).toEqual([]);
  });
});

describe('a team', () => {
  const lowered = (bundle: Bundle): Bundle => detection(admin, () => ({ level: 'medium' }))(bundle);

  it('can take a policy for more or less serious, and switch it off', () => {
    const settings = (severity: 'error' | 'off'): PolicySettings => ({
      severities: { PLAN_LEVEL_LOWERED: severity },
      waivers: [],
    });
    expect(judge(lowered(live), settings('error'))[0]).toMatchObject({ severity: 'error' });
    expect(judge(lowered(live), settings('off'))).toEqual([]);
  });

  it.each([
    ['2026-11-24', true],
    ['2026-11-23', false],
  ])('waives a finding until the end of %s: %s', (until, isWaived) => {
    const waiver = { policy: 'PLAN_LEVEL_LOWERED', item: admin, reason: 'agreed with the night shift', until } as const;
    const [finding] = judge(lowered(live), { severities: {}, waivers: [waiver] });
    expect(finding?.waived).toEqual(isWaived ? { reason: waiver.reason, until } : undefined);
  });

  it('does not waive the finding of another item', () => {
    const waiver = { policy: 'PLAN_LEVEL_LOWERED', item: member, reason: 'agreed', until: '2026-12-31' } as const;
    expect(judge(lowered(live), { severities: {}, waivers: [waiver] })[0]?.waived).toBeUndefined();
  });
});

function judge(
  after: Bundle,
  policySettings: PolicySettings = { severities: {}, waivers: [] },
): readonly PlanFinding[] {
  const lineage = { nodes: [], edges: [] };
  return makePlan({
    base: { kind: 'live', url: 'http://127.0.0.1:7430', serial: 1, digest: 'sha256:0', commit: null },
    before: { bundle: live, lineage },
    after: { bundle: after, lineage, digest: 'sha256:1', commit: undefined },
    policies: policySettings,
    problems: [],
    nowMs,
  }).findings;
}

function detection(id: string, change: (detection: Detection) => Partial<Detection>): (bundle: Bundle) => Bundle {
  return (bundle) => ({
    ...bundle,
    detections: bundle.detections.map((it) => (it.id === id ? { ...it, ...change(it) } : it)),
  });
}

function query(id: string, change: (query: ScheduledQuery) => Partial<ScheduledQuery>): (bundle: Bundle) => Bundle {
  return (bundle) => ({
    ...bundle,
    queries: bundle.queries.map((it) => (it.id === id ? { ...it, ...change(it) } : it)),
  });
}

function logType(change: (logType: LogType) => Partial<LogType>): (bundle: Bundle) => Bundle {
  return (bundle) => ({ ...bundle, logTypes: bundle.logTypes.map((it) => ({ ...it, ...change(it) })) });
}
