import type { Command } from 'commander';
import type { BundleEnvelope } from '../../model/bundle.ts';
import type { PublishResponse } from '../../runtime/api/index.ts';
import type { RuntimeClient } from '../client.ts';
import { type CompiledForRuntime, compileForRuntime } from '../compile-for-runtime.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseCount } from '../parse-count.ts';
import { readFile } from '../read-file.ts';
import { countProblems } from '../reporters/problems.ts';
import { renderTestReport } from '../reporters/test-report-text.ts';
import type { Terminal } from '../terminal.ts';

interface PublishOptions extends ContentOptions, ConnectionOptions {
  readonly tests: boolean;
  readonly sign?: string;
  readonly allowRemovals?: number;
  readonly allowMissingSecrets?: true;
  readonly revive?: readonly string[];
}

/** `margay publish`: compiled content goes live. `--json` prints a `PublishResponse`. */
export function publishCommand(): Command {
  const command = defineCommand<PublishOptions>({
    name: 'publish',
    summary: 'Compile the content and make it live in a runtime.',
    description:
      'Compiles the content, runs its tests, and makes the bundle live if nobody else published meanwhile.\nAn error of a policy that is not waived, as margay plan shows it, stands in the way.\nThe runtime runs the event tests of what changed once more; a bad bundle leaves the live one\nrunning. It refuses one that removes more than 10 items or 5 %, that newly needs a secret\nwhich it lacks, or that brings a removed id back with other logic; and everything while a rollback\nholds the channel.',
    examples: [
      ['margay publish', 'to the runtime on this machine'],
      ['margay publish --allow-removals 12', 'when 12 items really are to go'],
      ['margay publish --url https://margay.example.com', 'elsewhere, with the token in MARGAY_TOKEN'],
      ['margay publish --sign deploy.pem', 'to a runtime that takes signed bundles alone'],
    ],
    run: publish,
  })
    .addOption(rootOption())
    .option('--sign <keyfile>', 'Sign the bundle with this key. (else: the key in MARGAY_SIGN_KEY, if any)')
    .option('--no-tests', 'Do not run the tests here; the runtime still runs the event tests of what changed.')
    .option('--allow-removals <n>', 'Let it remove as many items, where that is more than 10, or 5 %.', parseCount)
    .option('--allow-missing-secrets', 'Publish though the runtime lacks a secret; what needs it waits.')
    .option('--revive <id...>', 'Let removed ids come back with other logic, and continue what they were.');
  return addConnectionOptions(command);
}

async function publish({ options, terminal }: CommandInput<PublishOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const client = openClient(options, terminal);
  const compiled = await compileForRuntime(root, terminal, 'nothing was published');
  if (!compiled) return exitCodes.contentWrong;
  const { envelope, problems } = compiled;
  if (problems.length > 0) terminal.note(`${countProblems(problems)}; see 'margay check'.`);
  const planned = await planToCarryOut(compiled, client, terminal);
  if (!planned) return exitCodes.findings;
  if (options.tests && !(await testsPass(root, terminal))) return exitCodes.findings;
  const published: PublishResponse = await client.publish(await signed(envelope, options.sign), planned.serial, {
    allowRemovals: options.allowRemovals,
    allowMissingSecrets: options.allowMissingSecrets,
    revive: options.revive,
    plan: planned.digest,
  });
  if (terminal.json) terminal.printJson(published);
  else terminal.print(describePublish(published, client.url));
  for (const name of published.missingSecrets) {
    terminal.warn(`warning: the runtime has no ${name} in its environment; what needs it is not delivered.`);
  }
  return exitCodes.fine;
}

/** The digest of the plan and the serial it replaces; `undefined` when an error of a policy stands in the way, which is shown then. */
async function planToCarryOut(
  compiled: CompiledForRuntime,
  client: RuntimeClient,
  terminal: Terminal,
): Promise<{ readonly serial: number; readonly digest: string | undefined } | undefined> {
  const [{ draftPlan }, { readLive }] = await Promise.all([
    import('../plan/draft-plan.ts'),
    import('../plan/read-base.ts'),
  ]);
  const live = await readLive(client);
  const plan = await draftPlan(compiled, live);
  if (!plan.blocked) return { serial: live.base.serial, digest: plan.digest };
  if (terminal.json) terminal.printJson(plan);
  const errors = plan.findings.filter(({ severity, waived }) => severity === 'error' && !waived);
  const { renderFindings } = await import('../reporters/plan-text.ts');
  terminal.warn(renderFindings(errors, terminal.noteColors));
  terminal.warn("\nPolicies stand in the way; nothing was published. See 'margay plan'.");
  return undefined;
}

/** Signs with the key of a file or of the environment, where there is one. */
async function signed(envelope: BundleEnvelope, keyFile: string | undefined): Promise<BundleEnvelope> {
  const key = keyFile === undefined ? process.env.MARGAY_SIGN_KEY : readFile(keyFile, 'signing key');
  if (!key) return envelope;
  const { signBundle } = await import('../../model/bundle-signature.ts');
  return signBundle(envelope, key);
}

/** Runs the content's tests, timelines included, and shows what fails. */
async function testsPass(root: string, terminal: Terminal): Promise<boolean> {
  const { runContentTests } = await import('../../testing/index.ts');
  const { signal } = new AbortController();
  const options = { root, filters: [], engine: 'both', watch: false, signal, onReport: () => {} } as const;
  const report = await runContentTests(options);
  const { passed, failed } = report.totals;
  if (failed === 0 && !report.problems.some(({ severity }) => severity === 'error')) {
    terminal.note(`${passed} tests passed.`);
    return true;
  }
  if (terminal.json) terminal.printJson(report);
  terminal.warn(renderTestReport({ report, root, colors: terminal.noteColors }));
  terminal.warn('\nTests fail; nothing was published.');
  return false;
}

function describePublish({ digest, serial, changed }: PublishResponse, url: string): string {
  return changed
    ? `${digest} is live at ${url}, serial ${serial}`
    : `${digest} was live at ${url} already, serial ${serial}`;
}
