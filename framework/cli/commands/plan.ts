import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Plan } from '../../model/plan.ts';
import { compileForRuntime } from '../compile-for-runtime.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type ContentOptions, contentRoot, noCacheOption, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseDays } from '../parse-count.ts';

interface PlanOptions extends ContentOptions, ConnectionOptions {
  readonly base?: string;
  readonly tests: boolean;
  readonly cache: boolean;
  readonly backtest?: number;
  readonly markdown?: true;
  readonly junit?: string;
  readonly detailedExitcode?: true;
}

/** `margay plan`: what publishing the content would change. `--json` prints a `Plan`. */
export function planCommand(): Command {
  const command = defineCommand<PlanOptions>({
    name: 'plan',
    summary: 'Show what publishing the content would change.',
    description:
      'Compiles the content and compares it with what the runtime runs: what is new, changed in its logic, routing or\ntexts, and removed, whom that reaches downstream, and what the policies say. The tests of what is touched are run.\nWhere no runtime answers, the commit is compared from which the work comes, and the plan says so.\nExits with 1 when a policy or a test stands in the way.',
    examples: [
      ['margay plan', 'against the runtime on this machine'],
      ['margay plan --backtest 14', 'with what the last 14 days say about each changed detection'],
      ['margay plan --base origin/main', 'against a branch'],
      ['margay plan --markdown', 'for a comment in a pull request'],
    ],
    run: plan,
  })
    .addOption(rootOption())
    .option('--base <ref>', 'Compare with the commit where the work left this branch, not with a runtime.')
    .option('--backtest <days>', 'Try changed detections over so many days of history.', parseDays)
    .option('--no-tests', 'Do not run tests.')
    .addOption(noCacheOption())
    .option('--markdown', 'Print Markdown, within the length of a GitHub comment.')
    .option('--junit <file>', 'Also write the findings as JUnit XML.')
    .option('--detailed-exitcode', 'Exit with 10 when something would change.');
  return addConnectionOptions(command);
}

async function plan({ options, terminal }: CommandInput<PlanOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const client = openClient(options, terminal);
  const compiled = await compileForRuntime(root, terminal, 'what does not compile cannot be planned', options);
  if (!compiled) return exitCodes.contentWrong;
  const { readBase } = await import('../plan/read-base.ts');
  const { draftPlan } = await import('../plan/draft-plan.ts');
  const { findDrift } = await import('../plan/find-drift.ts');
  const read = await readBase(root, client, options.base);
  const drafted = await draftPlan(compiled, read);
  const { completePlan } = await import('../../gitops/plan/index.ts');
  const { backtestPlan, testPlan } = await import('../plan/try-plan.ts');
  const drift = await findDrift(root, read);
  const muted = read.base.kind === 'live' ? (await client.mutes()).mutes : [];
  const mutes = muted.map(({ dedup, ...mute }) => ({ ...mute, isOfOneKey: dedup !== null }));
  const canTry = options.backtest !== undefined && read.base.kind === 'live';
  const made = completePlan(drafted, {
    tests: options.tests ? await testPlan(root, drafted) : null,
    ...(drift ? { drift } : {}),
    ...(mutes.length > 0 ? { mutes } : {}),
    backtests: canTry ? await backtestPlan(client, compiled.envelope, drafted, options.backtest as number) : [],
  });
  await show(made, { options, terminal });
  if (made.blocked) return exitCodes.findings;
  return options.detailedExitcode && made.items.length > 0 ? exitCodes.changes : exitCodes.fine;
}

async function show(made: Plan, { options, terminal }: Pick<CommandInput<PlanOptions>, 'options' | 'terminal'>) {
  if (options.junit !== undefined) {
    const { renderPlanJunit } = await import('../reporters/plan-junit.ts');
    await writeFile(options.junit, renderPlanJunit(made));
  }
  if (terminal.json) return terminal.printJson(made);
  if (options.markdown) {
    const { renderPlanMarkdown } = await import('../reporters/plan-markdown.ts');
    return terminal.print(renderPlanMarkdown(made).trimEnd());
  }
  const { renderPlan } = await import('../reporters/plan-text.ts');
  terminal.print(renderPlan(made, terminal.colors));
}
