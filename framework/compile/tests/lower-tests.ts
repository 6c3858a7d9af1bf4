import type { ContentTest, EventTest } from '../../model/content-test.ts';
import { isRecord } from '../../model/path.ts';
import { checkShape } from '../schema/check-shape.ts';
import { eventTestSchema } from '../schema/test-schema.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import { lowerRecord } from './lower-record.ts';
import { lowerTimeline } from './lower-timeline.ts';
import type { TestSubject } from './test-subject.ts';

/** The tests of one file, each with its records resolved. Flawed ones are reported and left out. */
export async function lowerTests(tests: readonly unknown[], subject: TestSubject): Promise<readonly ContentTest[]> {
  const lowered: ContentTest[] = [];
  const names = new Set<string>();
  for (const [position, test] of tests.entries()) {
    const at = ['tests', position];
    const result =
      isRecord(test) && 'steps' in test
        ? await lowerTimeline(test, subject, at)
        : await lowerEventTest(test, subject, at);
    if (result && names.has(result.name)) {
      const message = `Another test of this file is named '${result.name}'.`;
      subject.report.add('COMPILE_VALUE_INVALID', [...at, 'name'], message, {
        hint: 'Names tell tests apart in reports.',
      });
    }
    if (result) {
      names.add(result.name);
      lowered.push(result);
    }
  }
  return lowered;
}

async function lowerEventTest(test: unknown, subject: TestSubject, at: YamlPath): Promise<EventTest | undefined> {
  if (subject.kind !== 'detection' && isRecord(test)) {
    const message = `A ${subject.kind} reads rows, not one record: its tests are timelines.`;
    subject.report.add('COMPILE_COMBINATION_INVALID', at, message, { hint: "Write 'steps: [{ at: -1h, log: … }]'." });
    return undefined;
  }
  const content = checkShape(eventTestSchema, test, subject.report, at);
  if (!content) return undefined;
  const record = await lowerRecord(content, subject, at);
  return (
    record && { kind: 'event', name: content.name, ...record, expect: content.expect, where: subject.report.where(at) }
  );
}
