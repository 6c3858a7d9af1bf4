import { MargayError, type Problem } from '../model/margay-error.ts';
import type { EventTestResult } from './detect/index.ts';

/** @throws the first problem, with all of them. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first) throw new MargayError(first.code, first.message, { hint: first.hint, problems });
}

/** @throws API_BUNDLE_TESTS_FAILED when one did not pass. */
export function refuseFailures(results: readonly EventTestResult[]): void {
  const failures = results.filter((result) => !result.passed);
  if (failures.length === 0) return;
  const problems = failures.map(
    (failure): Problem => ({
      code: 'API_BUNDLE_TESTS_FAILED',
      message: `'${failure.test.name}' of ${failure.detectionId} fails: ${describeFailure(failure)}`,
      where: failure.test.where,
      severity: 'error',
    }),
  );
  throw new MargayError(
    'API_BUNDLE_TESTS_FAILED',
    failures.length === 1
      ? 'An event test of the bundle fails in this runtime.'
      : `${failures.length} event tests of the bundle fail in this runtime.`,
    {
      hint: "Run 'margay test' on the commit that the bundle was made from. The live bundle keeps running.",
      problems,
    },
  );
}

function describeFailure(failure: EventTestResult): string {
  const thrown = failure.errors.map((error) => `${error.functionName}: ${error.message}`);
  const differing = failure.differences.map(
    ({ field, expected, actual }) => `${field} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`,
  );
  return [...differing, ...thrown].join('; ') || 'it did not finish';
}

/** The error of a publish over something else than what is live. */
export function serialConflict(
  expectedSerial: number,
  live: { readonly serial: number; readonly digest: string } | undefined,
): MargayError {
  const found = live ? `serial ${live.serial} (${live.digest})` : 'nothing';
  return new MargayError('API_SERIAL_CONFLICT', `Expected serial ${expectedSerial} to be live, found ${found}.`, {
    hint: 'Somebody else published meanwhile. Look at what is live, then publish again.',
  });
}
