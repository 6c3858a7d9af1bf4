import type { Command } from 'commander';
import type { SetupChange } from '../../gitops/github/index.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { addGithubOptions, type GithubOptions, openRepository } from './github-options.ts';

interface SetupOptions extends GithubOptions {
  readonly check: readonly string[];
  readonly environment: readonly string[];
  readonly apply?: true;
}

/** `margay github setup`. `--json` prints `{changes, applied}`. */
export function setupCommand(): Command {
  const command = defineCommand<SetupOptions>({
    name: 'setup',
    summary: 'Set a repository up: required checks and environments.',
    description:
      "Shows what would change in the settings of a repository, and changes it with --apply: a ruleset by which\nthe default branch takes reviewed pull requests alone, and only with green checks; environments that\nare published to from protected branches alone. The token must be an administrator's.\nExits with 1 when something is to be changed and --apply is not there.",
    examples: [
      ['margay github setup --repository team/detections', 'to see what would change'],
      ['margay github setup --repository team/detections --apply', 'to change it'],
    ],
    run: setUp,
  })
    .option('--check <names...>', 'The checks without which nothing is merged.', ['test', 'margay plan'])
    .option('--environment <names...>', 'The environments.', ['live'])
    .option('--apply', 'Change it.');
  return addGithubOptions(command);
}

async function setUp({ options, terminal }: CommandInput<SetupOptions>): Promise<ExitCode> {
  const github = await openRepository(options);
  const { applySetup, readSetup } = await import('../../gitops/github/index.ts');
  const setup = { checks: options.check, environments: options.environment };
  const changes = await readSetup(github, setup);
  const applied = options.apply === true && changes.length > 0;
  if (applied) await applySetup(github, setup, changes);
  if (terminal.json) terminal.printJson({ changes, applied });
  else terminal.print(describe(changes, applied));
  return changes.length > 0 && !applied ? exitCodes.findings : exitCodes.fine;
}

function describe(changes: readonly SetupChange[], applied: boolean): string {
  if (changes.length === 0) return 'Everything is set up.';
  const lines = changes.map(({ kind, name, change, detail }) => `${change} ${kind} ${name}: ${detail}`);
  return [...lines, applied ? 'Done.' : 'Nothing is changed yet: add --apply.'].join('\n');
}
