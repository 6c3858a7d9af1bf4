import { isDeepStrictEqual } from 'node:util';
import type { EventExpectation } from '../../model/content-test.ts';
import type { RuleMatch } from '../../model/rule-match.ts';
import type { DetectResult } from './detector.ts';

/** A field that is not as expected. */
export interface FieldDifference {
  /** `match`, `title`, `context.member`, …; `log` when the record is no event. */
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What is not as a test expects, compared on the fields that it names. */
export function compareExpectation(expect: EventExpectation, result: DetectResult): readonly FieldDifference[] {
  const broken = result.deadLetters.map(({ code, reason }) => `${code}: ${reason}`);
  if (result.eventCount === 0 && broken.length === 0) broken.push('nothing');
  if (broken.length > 0) return broken.map((actual) => ({ field: 'log', expected: 'an event', actual }));
  const match = result.matches[0];
  if (expect.match !== (match !== undefined)) {
    return [{ field: 'match', expected: expect.match, actual: match !== undefined }];
  }
  return match ? compareMatch(expect, match) : [];
}

const fields = ['title', 'level', 'dedup', 'description', 'runbook', 'destinations', 'unique'] as const;

function compareMatch(expect: EventExpectation, match: RuleMatch): readonly FieldDifference[] {
  const pairs: FieldDifference[] = [
    ...fields.map((field) => ({ field, expected: expect[field], actual: match[field] })),
    ...Object.entries(expect.context ?? {}).map(([column, expected]) => ({
      field: `context.${column}`,
      expected,
      actual: match.context[column],
    })),
  ];
  return pairs.filter(({ expected, actual }) => expected !== undefined && !isDeepStrictEqual(actual, expected));
}
