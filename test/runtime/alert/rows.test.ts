import { expect, test } from 'vitest';
import { alertsTable, ruleErrorsTable, ruleMatchesTable } from '../../../framework/model/standard-tables.ts';
import { alertRow, matchRow, ruleErrorRow } from '../../../framework/runtime/alert/index.ts';
import { buildDetection, buildError, buildMatch, startGrouping, tenMs } from './build-alert-input.ts';

const match = buildMatch('a', tenMs);
const [alert] = startGrouping().group([match]).alerts;
if (!alert) throw new Error('no alert');

test.each([
  ['rule_matches', matchRow(match, buildDetection(), null, tenMs + 5), ruleMatchesTable],
  ['alerts', alertRow(alert), alertsTable],
  ['rule_errors', ruleErrorRow(buildError('1'), tenMs + 5), ruleErrorsTable],
])('a row for %s has exactly the columns of the table', (_, row, table) => {
  expect(Object.keys(row).sort()).toEqual(table.columns.map(({ name }) => name).sort());
  for (const { name, nullable } of table.columns) if (nullable === false) expect(row[name], name).not.toBeNull();
});

test('times are ISO texts, contexts are values', () => {
  expect(matchRow(match, buildDetection(), 'alert-1', tenMs + 5)).toMatchObject({
    p_alert_id: 'alert-1',
    p_event_time: '2026-03-02T10:00:00.000Z',
    p_match_time: '2026-03-02T10:00:00.005Z',
    p_alert_context: { member: 'bart@example.com' },
    p_any_ip_addresses: ['198.51.100.7'],
    p_any_emails: null,
    p_rule_tags: ['attack.t1556'],
  });
});
