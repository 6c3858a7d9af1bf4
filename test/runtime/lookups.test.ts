import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStory, type Story } from './services/open-story.ts';

const repository = new URL('../../', import.meta.url);
const rowsFile = 'lookups/okta/sensitive-accounts.csv';
const query = 'okta/sensitive-account-factors-removed';
const accounts = 'SELECT account FROM okta_sensitive_accounts ORDER BY account';

function read(file: string): string {
  return readFileSync(new URL(file, repository), 'utf8');
}

let story: Story;
beforeAll(async () => {
  story = await openStory();
  await story.publish();
}, 60_000);
afterAll(() => story.close());

async function alerts(): Promise<readonly string[]> {
  const { alerts: found } = await story.client.alerts({ ruleId: 'okta/sensitive-account-factor-removed', limit: 10 });
  return found.map(({ dedup, title }) => `${dedup}: ${title}`);
}

it('a lookup is a table of its own for queries by hand, and for joins', async () => {
  const found = [{ account: 'carla@example.com' }, { account: 'it@example.com' }, { account: 'payroll@example.com' }];
  expect(await story.query(accounts)).toEqual(found);
  await expect(story.query('SELECT account FROM okta_sensitive_acounts')).rejects.toMatchObject({
    hint: "Did you mean 'okta_sensitive_accounts'?",
  });
  const joined = `SELECT a.account, count(m.p_match_id) AS n FROM okta_sensitive_accounts AS a LEFT JOIN rule_matches AS m
    ON m.p_dedup = a.account AND p_occurs_since('1 day', m.p_event_time) GROUP BY a.account ORDER BY n, a.account`;
  expect(await story.query(joined)).toEqual(found.map((row) => ({ ...row, n: 0 })));
}, 60_000);

it('a scheduled query joins it, and its rows are those of the live bundle', async () => {
  const removed = JSON.parse(read('fixtures/okta/mfa-factor-deactivate.json'));
  const published = new Date(Date.now() - 600_000).toISOString();
  await story.send([{ ...removed, published, uuid: 'lookup-1' }]);
  expect(await story.client.startRun(query, undefined)).toMatchObject({ status: 'succeeded', rowCount: 1 });
  expect(await alerts()).toEqual([
    'carla@example.com: carla@example.com (Finance director, signs payments) lost a second factor',
  ]);
  await story.publish({ [rowsFile]: read(rowsFile).replace(/^carla.*\n/m, '') });
  expect(await story.query(accounts)).toEqual([{ account: 'it@example.com' }, { account: 'payroll@example.com' }]);
  expect(await story.client.startRun(query, undefined)).toMatchObject({ status: 'succeeded', rowCount: 0 });
  await story.restart();
  expect(await story.query(accounts)).toHaveLength(2);
}, 60_000);
