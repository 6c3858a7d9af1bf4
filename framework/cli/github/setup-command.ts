import { type Command, InvalidArgumentError } from 'commander';
import type { SetupChange } from '../../gitops/github/index.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { renderProblems } from '../reporters/problems.ts';
import { visibleLine } from '../visible-text.ts';
import { addGithubOptions, type GithubOptions, openRepository } from './github-options.ts';
import { type OwnersChange, type OwnersSetup, setUpOwners } from './set-up-owners.ts';

interface SetupOptions extends GithubOptions, ContentOptions {
  readonly check: readonly string[];
  readonly reviews?: number;
  readonly environment: readonly string[];
  readonly apply?: true;
}

type Change = SetupChange | OwnersChange;

/** `margay github setup`. `--json` prints `{changes, problems, applied}`. */
export function setupCommand(): Command {
  const command = defineCommand<SetupOptions>({
    name: 'setup',
    summary: 'Set a repository up: required checks, reviews, owners and environments.',
    description:
      "Shows what would change in a repository, and changes it with --apply: a ruleset by which the\ndefault branch takes reviewed pull requests alone, and only with green checks; environments that\nare published to from protected branches alone; a section of CODEOWNERS with the owners that\ndetections and queries name, in the work tree, for a pull request. The token must be an\nadministrator's.\nExits with 1 when something is to be changed and --apply is not there, and when an owner is none\nat GitHub.",
    examples: [
      ['margay github setup --repository team/detections', 'to see what would change'],
      ['margay github setup --repository team/detections --apply', 'to change it'],
      ['margay github setup --repository me/detections --reviews 0 --apply', 'for a repository of one person'],
    ],
    run: setUp,
  })
    .option('--check <names...>', 'The checks without which nothing is merged.', ['test', 'margay plan'])
    .option(
      '--reviews <number>',
      'Approving reviews that a pull request takes; 0 asks owners for none either. (default: as it is, 1 at first)',
      parseReviews,
    )
    .option('--environment <names...>', 'The environments.', ['live'])
    .option('--apply', 'Change it.')
    .addOption(rootOption());
  return addGithubOptions(command);
}

async function setUp({ options, terminal }: CommandInput<SetupOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const github = await openRepository(options);
  const owners = await setUpOwners(root, terminal);
  if (owners === 'wrong') return exitCodes.contentWrong;
  const { applySetup, readSetup } = await import('../../gitops/github/index.ts');
  const setup = { checks: options.check, reviews: options.reviews, environments: options.environment };
  const settings = await readSetup(github, setup);
  const { change, problems } = owners === 'nothing' ? noOwners : owners;
  const changes: readonly Change[] = change ? [...settings, change] : settings;
  const applied = options.apply === true && changes.length > 0;
  if (applied) await applySetup(github, setup, settings);
  const written = applied && change && owners !== 'nothing' ? owners.write() : undefined;
  if (owners === 'nothing') terminal.note('No content stands here; CODEOWNERS was not looked at.');
  if (terminal.json) terminal.printJson({ changes, problems, applied });
  else {
    terminal.print(describe(changes, applied));
    if (problems.length > 0) terminal.print(`\n${renderProblems({ problems, root, colors: terminal.colors })}`);
    if (written) terminal.note(`Propose it: margay propose ${written}`);
  }
  return (changes.length > 0 && !applied) || problems.length > 0 ? exitCodes.findings : exitCodes.fine;
}

const noOwners: Pick<OwnersSetup, 'change' | 'problems'> = { problems: [] };

function describe(changes: readonly Change[], applied: boolean): string {
  if (changes.length === 0) return 'Everything is set up.';
  const lines = changes.flatMap((it) => [
    `${it.change} ${it.kind} ${it.name}: ${it.detail}`,
    ...('lines' in it ? it.lines.map((line) => `  ${visibleLine(line)}`) : []),
  ]);
  return [...lines, applied ? 'Done.' : 'Nothing is changed yet: add --apply.'].join('\n');
}

function parseReviews(text: string): number {
  if (/^(\d|10)$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 0 to 10.');
}
