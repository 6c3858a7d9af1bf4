import { afterAll, assert, beforeAll, describe, it } from 'vitest';
import { formatWhere, type Problem, type Where } from '../../model/margay-error.ts';
import { openTestRooms, prepareContent, type TestRooms } from '../prepare-content.ts';
import { type ContentTestResult, runContentTest } from '../run-content-test.ts';
import type { EngineChoice } from '../timeline/memory-lake.ts';
import { type ContentTestMeta, leaveMeta, leaveProblems } from './content-test-meta.ts';

/** What is collected. */
export interface CollectOptions {
  /** The content root. */
  readonly root: string;
  /** Files, folders or ids. One that matches nothing fails. @defaultValue [] (everything) */
  readonly filters?: readonly string[];
  /** The SQL engines of query tests. @defaultValue 'both' */
  readonly engine?: EngineChoice;
}

/**
 * Registers every test of a content root as a vitest test: `detections/okta/… › an add to the bypass group
 * matches`, and one test that the content compiles and the filters match. Call it at the top level of a test file.
 */
export async function collectContentTests(options: CollectOptions): Promise<void> {
  const { problems, catalog, testFiles } = await prepareContent(options.root, options.filters ?? []);

  it('the content compiles', ({ task }) => {
    leaveProblems(task, problems);
    const errors = problems.filter((problem) => problem.severity === 'error');
    assert(errors.length === 0, errors.map(describeProblem).join('\n'));
  });
  if (!catalog) return;

  let rooms: TestRooms;
  beforeAll(async () => {
    rooms = await openTestRooms(catalog, testFiles);
  });
  afterAll(() => rooms.close());

  for (const { file, subject, tests } of testFiles) {
    describe(file, () => {
      for (const test of tests) {
        it(test.name, async ({ task }) => {
          const { name, kind, where } = test;
          const meta: ContentTestMeta = { file, id: subject.id, kind: subject.kind, test: { name, kind, where } };
          leaveMeta(task, meta);
          const result = await runContentTest(test, subject, rooms, catalog, options.engine ?? 'both');
          leaveMeta(task, { ...meta, result });
          refuse(result, where);
        });
      }
    });
  }
}

function refuse({ differences, problems }: ContentTestResult, testWhere: Where): void {
  const where = formatWhere(differences[0]?.where ?? testWhere);
  assert(problems.length === 0, problems.map(describeProblem).join('\n'));
  const expected = Object.fromEntries(differences.map((difference) => [difference.field, difference.expected]));
  const actual = Object.fromEntries(differences.map((difference) => [difference.field, difference.actual]));
  assert.deepEqual(actual, expected, `${where}: not as expected`);
}

function describeProblem(problem: Problem): string {
  const where = problem.where ? `${formatWhere(problem.where)}: ` : '';
  return `${where}${problem.code} ${problem.message}${problem.hint ? ` ${problem.hint}` : ''}`;
}
