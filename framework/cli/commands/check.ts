import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { MargayError, type Problem } from '../../model/margay-error.ts';
import { type ContentOptions, contentRoot, noCacheOption, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { countProblems, plural, renderProblems } from '../reporters/problems.ts';

interface CheckOptions extends ContentOptions {
  readonly types: boolean;
  readonly cache: boolean;
}

/** What `margay check --json` prints. */
export interface CheckReport {
  /** Sorted by file, line, column. */
  readonly problems: readonly Problem[];
  readonly errorCount: number;
  readonly findingCount: number;
  /** How many files were read. */
  readonly fileCount: number;
  /** The digest of the bundle; `null` when errors stand in its way. */
  readonly digest: string | null;
}

/** `margay check`: every problem of the content, all at once. */
export function checkCommand(): Command {
  return defineCommand<CheckOptions>({
    name: 'check',
    summary: 'Find every problem in the content.',
    description:
      'Compiles detections, scheduled queries, log types and configuration, and shows every problem at once.\nExits with 2 when there are errors, with 1 when there are findings only.',
    examples: [
      ['margay check', 'everything'],
      ['margay check detections/okta', 'compile everything, show what is wrong below a folder'],
      ['margay check --no-types --json', 'without the TypeScript checker, for another program'],
    ],
    run: check,
  })
    .argument('[paths...]', 'Show only the problems of these files and folders.')
    .addOption(rootOption())
    .option('--no-types', 'Skip the TypeScript checker.')
    .addOption(noCacheOption());
}

async function check({ args, options, terminal }: CommandInput<CheckOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  refuseMissing(args);
  const { compileContent, openCache } = await import('../../compile/index.ts');
  const cache = options.cache ? { cache: await openCache(root, Date.now()) } : {};
  const { problems: all, envelope, files } = await compileContent({ root, types: options.types, ...cache });
  const problems = all.filter(isBelow(root, args));
  const errorCount = problems.filter((problem) => problem.severity === 'error').length;
  const findingCount = problems.length - errorCount;
  const report: CheckReport = {
    problems,
    errorCount,
    findingCount,
    fileCount: files.length,
    digest: envelope?.digest ?? null,
  };
  if (terminal.json) {
    terminal.printJson(report);
  } else {
    if (problems.length > 0) terminal.print(`${renderProblems({ problems, root, colors: terminal.colors })}\n`);
    terminal.note(`${countProblems(problems)} in ${plural(files.length, 'file')}`);
  }
  if (errorCount > 0) return exitCodes.contentWrong;
  return findingCount > 0 ? exitCodes.findings : exitCodes.fine;
}

/** A mistyped path would show no problems, and so look fine for ever. */
function refuseMissing(paths: readonly string[]): void {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  throw new MargayError('CLI_FILE_UNREADABLE', `There is no ${missing.map((path) => `'${path}'`).join(', ')}.`, {
    hint: 'Name files or folders of the content, or none to see every problem.',
  });
}

/** Whether a problem stands in one of these files or folders; problems without a place always do. */
function isBelow(root: string, paths: readonly string[]): (problem: Problem) => boolean {
  const wanted = paths.map((path) => relative(root, resolve(path)).split(sep).join('/'));
  return ({ where }) =>
    where === undefined ||
    wanted.length === 0 ||
    wanted.some((path) => path === '' || where.file === path || where.file.startsWith(`${path}/`));
}
