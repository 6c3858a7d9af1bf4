import { afterAll, assert, beforeAll, describe, it } from 'vitest';
import { formatWhere, type Problem } from '../../model/margay-error.ts';
import { openTestRooms, prepareContent, type TestRooms } from '../prepare-content.ts';
import { type ContentTestResult, runContentTest } from '../run-content-test.ts';
import type { EngineChoice } from '../timeline/memory-lake.ts';

/** What is collected. */
export interface CollectOptions {
  /** The content root. */
  readonly root: string;
  /** Paths or ids, or their beginnings. @defaultValue [] (everything) */
  readonly filters?: readonly string[];
  /** The SQL engines of query tests. @defaultValue 'both' */
  readonly engine?: EngineChoice;
}

/** What a content test leaves in its vitest task for a reporter. */
export interface ContentTestMeta {
  readonly file: string;
  readonly result?: ContentTestResult;
  readonly problems?: readonly Problem[];
}

declare module 'vitest' {
  interface TaskMeta {
    margay?: ContentTestMeta;
  }
}

/**
 * Registers every test of a content root as a vitest test: `detections/okta/… › an add to the bypass group
 * matches`, and one test that the content compiles. Call it at the top level of a test file.
 */
export async function collectContentTests(options: CollectOptions): Promise<void> {
  const { problems, catalog, testFiles } = await prepareContent(options.root, options.filters ?? []);

  it('the content compiles', ({ task }) => {
    task.meta.margay = { file: 'content', problems };
    const errors = problems.filter((problem) => problem.severity === 'error');
    assert(errors.length === 0, errors.map(describeProblem).join('\n'));
  });
  if (!catalog) return;

  let rooms: TestRooms;
  beforeAll(async () => {
    rooms = await openTestRooms(catalog);
  });
  afterAll(() => rooms.close());

  for (const { file, subject, tests } of testFiles) {
    describe(file, () => {
      for (const test of tests) {
        it(test.name, async ({ task }) => {
          const result = await runContentTest(test, subject, rooms, catalog, options.engine ?? 'both');
          task.meta.margay = { file, result };
          refuse(result, formatWhere(test.where));
        });
      }
    });
  }
}

function refuse({ differences, failures }: ContentTestResult, where: string): void {
  assert(failures.length === 0, `${where}: ${failures.join('; ')}`);
  if (differences.length === 0) return;
  const expected = Object.fromEntries(differences.map((difference) => [difference.field, difference.expected]));
  const actual = Object.fromEntries(differences.map((difference) => [difference.field, difference.actual]));
  assert.deepEqual(actual, expected, `${where}: not as expected`);
}

function describeProblem(problem: Problem): string {
  const where = problem.where ? `${formatWhere(problem.where)}: ` : '';
  return `${where}${problem.code} ${problem.message}${problem.hint ? ` ${problem.hint}` : ''}`;
}
