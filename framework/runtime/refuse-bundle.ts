import { MargayError, type Problem } from '../model/margay-error.ts';
import type { ChannelFreeze } from './api/index.ts';
import type { BundleDifference } from './compare-bundles.ts';
import type { EventTestResult } from './detect/index.ts';
import type { LiveChannel } from './live-channel.ts';

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

/** How many items a publish may remove without saying so: both have to hold. */
const maxRemovals = 10;
const maxRemovedShare = 0.05;

/** @throws API_REMOVALS_REFUSED when more is removed than was allowed. */
export function refuseRemovals({ removed, beforeCount }: BundleDifference, allowed: number): void {
  const isFew = removed.length <= maxRemovals && removed.length <= beforeCount * maxRemovedShare;
  if (isFew || removed.length <= allowed) return;
  const message = `The bundle removes ${removed.length} of ${beforeCount} live items: ${listed(removed)}.`;
  throw new MargayError('API_REMOVALS_REFUSED', message, {
    hint: `More than ${maxRemovals}, or ${maxRemovedShare * 100} %, go only with --allow-removals ${removed.length}.`,
  });
}

/** @throws API_SECRETS_MISSING with every name. */
export function refuseMissingSecrets(names: readonly string[]): void {
  if (names.length === 0) return;
  const message = `The environment of the runtime lacks ${names.join(', ')}, which destinations of the bundle need.`;
  throw new MargayError('API_SECRETS_MISSING', message, {
    hint: 'Set it there and restart the runtime; or say --allow-missing-secrets, and what goes there waits.',
  });
}

/** @throws API_CHANNEL_FROZEN while a rollback holds the channel. */
export function refuseFrozen(frozen: ChannelFreeze | undefined): void {
  if (!frozen) return;
  const { by, atMs, reason } = frozen;
  const message = `Nothing is published: ${by} rolled back at ${new Date(atMs).toISOString()}: ${reason}`;
  throw new MargayError('API_CHANNEL_FROZEN', message, {
    hint: "Put right what was rolled back, then 'margay resume'. 'margay history' shows what went live.",
  });
}

/**
 * Whoever may publish one commit alone takes back that one alone: not what somebody else made live after it.
 *
 * @throws API_COMMIT_REFUSED
 */
export function refuseOtherCommit(allowed: string, live: string | undefined): void {
  if (allowed === live) return;
  const message = `What is live is of commit ${live ?? 'unknown'}, and the caller may take back ${allowed} alone.`;
  throw new MargayError('API_COMMIT_REFUSED', message, {
    hint: "Something else went live meanwhile; 'margay history' shows it. A token of a person may go back from there.",
  });
}

/** The error of a publish over something else than what is live. */
export function serialConflict(
  expectedSerial: number,
  live: LiveChannel | undefined,
  meanwhile: BundleDifference | undefined,
): MargayError {
  const { serial = 0, digest = 'nothing', activatedAtMs = 0, actor = 'somebody' } = live ?? {};
  const found = live
    ? `serial ${serial} (${digest}), which ${actor} made live at ${new Date(activatedAtMs).toISOString()}`
    : 'nothing';
  const changes = meanwhile ? ` Meanwhile ${describeDifference(meanwhile)}.` : '';
  return new MargayError(
    'API_SERIAL_CONFLICT',
    `Expected serial ${expectedSerial} to be live, found ${found}.${changes}`,
    {
      hint: 'Somebody else published meanwhile. Look at what is live, then publish again.',
    },
  );
}

function describeDifference({ added, changed, removed }: BundleDifference): string {
  const parts = Object.entries({ added, changed, removed }).flatMap(([word, names]) =>
    names.length > 0 ? [`${word}: ${listed(names)}`] : [],
  );
  return parts.join('; ') || 'no item differs';
}

/** The names, as far as somebody reads them. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
