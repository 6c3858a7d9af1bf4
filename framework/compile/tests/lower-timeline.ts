import type { TimelineExpectation, TimelineStep, TimelineTest } from '../../model/content-test.ts';
import { isRecord } from '../../model/path.ts';
import { alertsTable, ruleMatchesTable } from '../../model/standard-tables.ts';
import type { Column } from '../../model/table.ts';
import { checkShape } from '../schema/check-shape.ts';
import { expectStepSchema, logStepSchema, timelineTestSchema } from '../schema/test-schema.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import { checkCells } from './check-cells.ts';
import { lowerRecord } from './lower-record.ts';
import type { TestSubject } from './test-subject.ts';

/** A timeline with its steps in order of time; its own `expect` becomes the last one. */
export async function lowerTimeline(
  test: unknown,
  subject: TestSubject,
  at: YamlPath,
): Promise<TimelineTest | undefined> {
  const content = checkShape(timelineTestSchema, test, subject.report, at);
  if (!content) return undefined;
  const inherited = content.logType === undefined ? undefined : { logType: content.logType, at: [...at, 'logType'] };
  const steps: TimelineStep[] = [];
  for (const [position, step] of content.steps.entries()) {
    const path = [...at, 'steps', position];
    const lowered =
      isRecord(step) && 'expect' in step
        ? lowerExpectStep(step, subject, path)
        : await lowerLogStep(step, subject, path, inherited);
    if (lowered) steps.push(lowered);
  }
  if (content.expect) {
    const expect = checkExpectation(content.expect, subject, [...at, 'expect']);
    const atMs = Math.max(0, ...steps.map(endOf));
    steps.push({
      kind: 'expect',
      atMs,
      expect,
      where: subject.report.where([...at, 'expect'], { atKey: true }),
    });
  } else if (!content.steps.some((step) => isRecord(step) && 'expect' in step)) {
    subject.report.add('COMPILE_KEY_MISSING', at, 'The timeline expects nothing.', {
      hint: "Write 'expect: { alerts: [] }'.",
    });
  }
  steps.sort((a, b) => a.atMs - b.atMs);
  if (content.runs === 'scheduled' && subject.kind === 'detection') {
    const message = 'A detection over events has no query that runs.';
    subject.report.add('COMPILE_COMBINATION_INVALID', [...at, 'runs'], message, { atKey: true });
  }
  const { name, now, runs } = content;
  return { kind: 'timeline', name, now, steps, runs, where: subject.report.where(at) };
}

async function lowerLogStep(
  step: unknown,
  subject: TestSubject,
  at: YamlPath,
  inherited: { readonly logType: string; readonly at: YamlPath } | undefined,
): Promise<TimelineStep | undefined> {
  const content = checkShape(logStepSchema, step, subject.report, at);
  if (!content) return undefined;
  const record = await lowerRecord(content, subject, at, inherited);
  if (!record) return undefined;
  const { at: atMs, times, every: everyMs, sameEvent } = content;
  return { kind: 'log', atMs, ...record, times, everyMs, sameEvent, where: subject.report.where(at) };
}

function lowerExpectStep(step: unknown, subject: TestSubject, at: YamlPath): TimelineStep | undefined {
  const content = checkShape(expectStepSchema, step, subject.report, at);
  if (!content) return undefined;
  const expect = checkExpectation(content.expect, subject, [...at, 'expect']);
  return { kind: 'expect', atMs: content.at, expect, where: subject.report.where(at) };
}

const notifications: Column = { name: 'notifications', type: 'BIGINT', nullable: false };

/** What an expectation may name of a match, and of an alert. */
const columnsOf = {
  matches: ruleMatchesTable.columns,
  alerts: [...alertsTable.columns, notifications],
} as const;

/** The expectation as rows are compared with it. */
function checkExpectation(expect: TimelineExpectation, subject: TestSubject, at: YamlPath): TimelineExpectation {
  const { report } = subject;
  const unknown = (name: string) => ({ code: 'COMPILE_KEY_UNKNOWN', message: `'${name}' is not a key here.` }) as const;
  const rowsOf = (set: 'matches' | 'alerts') =>
    expect[set] && checkCells(expect[set], { columns: columnsOf[set], unknown }, report, [...at, set]);
  return { matches: rowsOf('matches'), rows: checkRows(expect, subject, at), alerts: rowsOf('alerts') };
}

function checkRows({ rows }: TimelineExpectation, subject: TestSubject, at: YamlPath): TimelineExpectation['rows'] {
  const { columns, report } = subject;
  if (rows && subject.kind === 'detection') {
    const message = 'A detection over events has no rows: expect matches or alerts.';
    report.add('COMPILE_COMBINATION_INVALID', [...at, 'rows'], message, { atKey: true });
  }
  if (!rows || !columns) return rows;
  const unknown = (name: string) =>
    ({ code: 'COMPILE_FIELD_UNKNOWN', message: `The query has no column '${name}'.` }) as const;
  return checkCells(rows, { columns, unknown }, report, [...at, 'rows']);
}

/** When a step's last record is logged. */
function endOf(step: TimelineStep): number {
  return step.kind === 'log' ? step.atMs + (step.times - 1) * step.everyMs : step.atMs;
}
