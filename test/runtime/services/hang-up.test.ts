import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import add from '../../../fixtures/okta/group-membership-add.json' with { type: 'json' };
import { connect } from '../../../framework/cli/client.ts';
import { openStory, withValues } from './open-story.ts';

/** Would run for hours: four times the same two thousand rows. */
const endless = `SELECT count(*) AS n FROM okta_systemlog AS a CROSS JOIN okta_systemlog AS b
  CROSS JOIN okta_systemlog AS c CROSS JOIN okta_systemlog AS d WHERE a.uuid || b.uuid <> c.uuid || d.uuid`;
/** As many as run and wait, and one more. */
const tooMany = 2 + 16 + 1;

it('a query whose caller hangs up is stopped, whether it runs or waits, and the next one has its place', async () => {
  const story = await openStory();
  try {
    await story.publish();
    await story.send(Array.from({ length: 2_000 }, (_, index) => withValues(add, { uuid: `event ${index}` })));
    await story.query('SELECT count(*) AS n FROM okta_systemlog');
    const caller = new AbortController();
    const { query } = connect({ url: story.client.url, signal: caller.signal });
    const codes: string[] = [];
    const asked = Array.from({ length: tooMany }, () => query(endless, 1).catch(({ code }) => void codes.push(code)));
    while (codes.length === 0) await sleep(20);
    // All places are taken: two run and the others wait. Each would hold its place for the minute that it may run.
    expect(codes).toEqual(['LAKE_BUSY']);
    caller.abort();
    await Promise.all(asked);
    expect(codes).toEqual(['LAKE_BUSY', ...Array(tooMany - 1).fill('CLI_RUNTIME_UNREACHABLE')]);
    const answer = async (): Promise<unknown> => {
      for (;;) {
        const rows = await story.query('SELECT count(*) AS n FROM okta_systemlog').catch(({ code }) => code as string);
        if (rows !== 'LAKE_BUSY') return rows;
        await sleep(20); // the runtime has yet to hear that the callers are gone
      }
    };
    expect(await answer()).toEqual([{ n: 2_000 }]);
  } finally {
    await story.close();
  }
}, 240_000);
