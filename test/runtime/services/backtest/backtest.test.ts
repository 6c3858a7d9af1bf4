import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BacktestReport } from '../../../../framework/model/backtest.ts';
import type { ContentChanges } from '../../../copy-content.ts';
import { openStory, recordsOfTests, type Story, withValues } from '../open-story.ts';

const endMs = Date.UTC(2026, 5, 30, 12);
const until = new Date(endMs).toISOString();

let story: Story;
beforeEach(async () => {
  story = await openStory();
}, 60_000);
afterEach(() => story.close());

interface Ask {
  readonly against?: 'live' | 'none';
  readonly values?: boolean;
  readonly samples?: boolean;
  readonly days?: number;
}

async function backtest(detectionId: string, changes: ContentChanges = {}, ask: Ask = {}): Promise<BacktestReport> {
  const { envelope } = await story.compile(changes);
  return story.client.backtest({ envelope, detectionId, until, days: 60, ...ask }, () => {});
}

it('finds for each detection of the repository what the stream found', async () => {
  await story.publish();
  const { bundle } = await story.compile();
  await story.send(recordsOfTests(bundle, endMs, 2));
  const found = await story.query("SELECT p_rule_id, p_row_id FROM rule_matches WHERE p_log_type = 'Okta.SystemLog'");
  const alerts = (await story.client.alerts({ limit: 1_000 })).alerts;
  for (const { id, source } of bundle.detections) {
    if (source.kind !== 'events') continue;
    const own = found.filter((row) => row.p_rule_id === id);
    const { matches, ...report } = await backtest(id, {}, { samples: true });
    expect({ id, ...matches }).toEqual({
      id,
      before: own.length,
      after: own.length,
      both: own.length,
      onlyBefore: 0,
      onlyAfter: 0,
    });
    expect({ id, alerts: report.alerts?.after }).toEqual({
      id,
      alerts: alerts.filter(({ ruleId }) => ruleId === id).length,
    });
    const rowIds = new Set(own.map((row) => row.p_row_id));
    for (const sample of report.samples?.both ?? []) expect(rowIds).toContain(sample.rowId);
    expect(report.samples?.both.length).toBe(Math.min(5, own.length));
    expect(report).toMatchObject({ errors: [], stopped: [] });
    // An hourly query over its matches is run once a day of so many days.
    expect(report.notes).toHaveLength(report.downstream.length);
  }
}, 180_000);

const addedPath = 'detections/okta/api-token-created.yml';

describe('a changed detection', () => {
  it('is compared with the live one, match by match', async () => {
    await story.publish();
    const { bundle } = await story.compile();
    await story.send(recordsOfTests(bundle, endMs));
    const { default: failure } = await import('../../../../fixtures/okta/session-start-failure.json', {
      with: { type: 'json' },
    });
    const published = new Date(endMs - 1_000).toISOString();
    await story.send([withValues(failure, { uuid: 'odd', published, 'outcome.reason': 'PASSWORD_EXPIRED' })]);
    const before = await backtest('okta/password-spray');
    const looser = await changed('detections/okta/password-spray.yml', [
      ['    outcome.reason: [INVALID_CREDENTIALS, VERIFICATION_ERROR, LOCKED_OUT]\n', ''],
      ['threshold: 10', 'threshold: 1'],
    ]);
    const report = await backtest('okta/password-spray', looser);
    expect(report.matches.onlyBefore).toBe(0);
    expect(report.matches.both).toBe(before.matches.after);
    expect(report.matches.onlyAfter).toBeGreaterThan(0);
    expect(report.alerts).toMatchObject({ before: 0, onlyBefore: 0, both: 0 });
    expect(report.alerts?.onlyAfter).toBeGreaterThan(0);
    expect(sumOf(report, 'onlyAfter')).toBe(report.matches.onlyAfter);
    const nothing = await backtest('okta/password-spray', looser, { against: 'none' });
    expect(nothing).toMatchObject({ against: null, matches: { before: null, after: report.matches.after } });
  }, 120_000);

  it('that moved keeps its alias is compared with what it was', async () => {
    await story.publish();
    const { bundle } = await story.compile();
    await story.send(recordsOfTests(bundle, endMs));
    const text = await fileText(addedPath);
    const moved = { [addedPath]: null, 'detections/okta/token.yml': `aliases: [okta/api-token-created]\n${text}` };
    const report = await backtest('okta/token', moved);
    expect(report.matches).toMatchObject({ onlyBefore: 0, onlyAfter: 0 });
    expect(report.matches.both).toBeGreaterThan(0);
  }, 120_000);
});

describe('a detection with TypeScript', () => {
  const rule = (body: string) => ({
    'detections/okta/password-spray.ts': `import { detection } from 'margay';\nexport default detection<'okta/password-spray'>({ rule: (event) => ${body} });\n`,
  });

  it('decides over the candidates of its condition; what it throws is counted', async () => {
    await story.publish();
    const { bundle } = await story.compile();
    await story.send(recordsOfTests(bundle, endMs, 2));
    const plain = await backtest('okta/password-spray');
    const throwing = await backtest(
      'okta/password-spray',
      rule("event.actor?.type === 'User' && (null as never as string).length > 0"),
    );
    expect(throwing.method).toBe('code');
    expect(throwing.matches).toMatchObject({ before: plain.matches.after, after: 0, onlyBefore: plain.matches.after });
    expect(throwing.errors).toEqual([
      { side: 'after', functionName: 'rule', errorClass: 'TypeError', count: plain.matches.after },
    ]);
  }, 120_000);

  it('that never ends is stopped, and the runtime stays well', async () => {
    await story.publish();
    const { bundle } = await story.compile();
    await story.send(recordsOfTests(bundle, endMs));
    const report = await backtest('okta/password-spray', rule('{ for (;;) if (event.uuid === "") return true; }'));
    expect(report).toMatchObject({ stopped: ['after'], matches: { after: 0 } });
    expect(report.errors).toMatchObject([{ side: 'after', errorClass: 'Timeout' }]);
    const status = await story.client.status();
    expect(status.quarantined).toEqual([]);
    // The archive waits for a file of some size.
    expect(status.consumers.filter(({ idle }) => !idle).map(({ name }) => name)).toEqual(['archive']);
  }, 120_000);
});

it('a scheduled detection is tried at the times of its query', async () => {
  await story.publish();
  const { default: add } = await import('../../../../fixtures/okta/group-membership-add.json', {
    with: { type: 'json' },
  });
  const days = [7, 6, 5, 4];
  await story.send(
    days.map((day) => ({ ...add, uuid: `add-${day}`, published: new Date(endMs - day * 86_400_000).toISOString() })),
  );
  const report = await backtest('okta/mfa-bypass-repeated', {}, { days: 8 });
  // From the third add on one alert, until the first has left the window of 30 days, which is after the end.
  expect(report).toMatchObject({
    method: 'query',
    matches: { onlyBefore: 0, onlyAfter: 0 },
    alerts: { after: 1, both: 1 },
  });
  expect(report.matches.after).toBe(5 * 24);
  const stricter = await changed('scheduled-queries/okta/mfa-bypass-adds-by-user.yml', [
    ['count(*) > 2', 'count(*) > 3'],
  ]);
  const later = await backtest('okta/mfa-bypass-repeated', stricter, { days: 8 });
  expect(later.matches).toMatchObject({ both: 4 * 24, onlyBefore: 1 * 24, onlyAfter: 0 });
}, 180_000);

it('gives the same bytes each time, without a clock of its own', async () => {
  await story.publish();
  const { bundle, envelope } = await story.compile();
  await story.send(recordsOfTests(bundle, endMs, 2));
  const ask = { envelope, detectionId: 'okta/password-spray', days: 400, values: true, samples: true };
  const first = await story.client.backtest(ask, () => {});
  await story.restart();
  const second = await story.client.backtest(ask, () => {});
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  expect(first.values?.both).toMatchObject({ 'context.account': [{ value: 'bart@example.com' }] });
}, 120_000);

describe('what cannot be tried', () => {
  it('is refused with a code', async () => {
    const { envelope } = await story.compile();
    const ask = { envelope, detectionId: 'okta/password-spray' };
    const refused = (request: typeof ask) => story.client.backtest(request, () => {});
    await expect(refused(ask)).rejects.toMatchObject({ code: 'RUNTIME_NOTHING_LIVE' });
    await story.publish();
    await expect(refused({ ...ask, detectionId: 'okta/password-spry' })).rejects.toMatchObject({
      code: 'API_DETECTION_UNKNOWN',
      hint: "Did you mean 'okta/password-spray'?",
    });
    const changedContent = { ...envelope, content: envelope.content.replace('Okta', 'Okra') };
    await expect(refused({ ...ask, envelope: changedContent })).rejects.toMatchObject({
      code: 'COMPILE_BUNDLE_DIGEST',
    });
    const days: Record<string, unknown> = { ...ask, days: 0 };
    await expect(refused(days as typeof ask)).rejects.toMatchObject({ code: 'API_REQUEST_INVALID' });
  }, 60_000);
});

function sumOf({ days }: BacktestReport, counted: 'both' | 'onlyBefore' | 'onlyAfter'): number {
  return days.reduce((sum, { matches }) => sum + matches[counted], 0);
}

async function fileText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');
}

/** A file of the content with some of its text replaced. */
async function changed(path: string, replacements: readonly (readonly [string, string])[]): Promise<ContentChanges> {
  let text = await fileText(path);
  for (const [found, put] of replacements) {
    if (!text.includes(found)) throw new Error(`${path} has no '${found}'.`);
    text = text.replaceAll(found, put);
  }
  return { [path]: text };
}
