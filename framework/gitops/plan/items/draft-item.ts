import type { ContentTest } from '../../../model/content-test.ts';
import type { ItemSnapshot } from '../../../model/plan.ts';

/** A snapshot before its digests are taken. */
export type DraftItem = Omit<ItemSnapshot, 'digests'>;

/** Name → test, without where it and its steps stand: a test that only moved has not changed. */
export function testsWithoutPlaces(tests: readonly ContentTest[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(tests.map((test) => [test.name, withoutPlaces(test)]));
}

function withoutPlaces(test: ContentTest): unknown {
  const { where: _, ...rest } = test;
  if (rest.kind === 'event') return rest;
  return { ...rest, steps: rest.steps.map(({ where: __, ...step }) => step) };
}
