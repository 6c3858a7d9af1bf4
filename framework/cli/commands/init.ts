import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { MargayError } from '../../model/margay-error.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import type { NewFile } from '../init/write-new-files.ts';
import { plural } from '../reporters/problems.ts';

interface InitOptions {
  readonly dryRun?: true;
  readonly github?: true;
}

/** What `margay init --json` prints. */
export interface InitReport {
  readonly folder: string;
  /** Nothing was written; it says what would be. */
  readonly dryRun: boolean;
  readonly files: readonly NewFile[];
}

/** `margay init`: a new content repository. `--json` prints an `InitReport`. */
export function initCommand(): Command {
  return defineCommand<InitOptions>({
    name: 'init',
    summary: 'Make a new repository of detections.',
    description:
      'Writes a content repository that is complete: a log type, detections in YAML and TypeScript, a scheduled\nquery, their tests and fixtures, and what runs them. Files that are there already stay as they are.\nWith --github it also writes workflows that test, plan and deploy; in a repository that is there, these alone.',
    examples: [
      ['margay init my-detections', 'in a new folder'],
      ['margay init --github', 'the workflows, in a repository that is there'],
      ['margay init --dry-run', 'to see what would be written here'],
    ],
    run: init,
  })
    .argument('[dir]', 'The folder.', '.')
    .option('--github', 'Write workflows for GitHub, too.')
    .option('--dry-run', 'Write nothing, only say what would be written.');
}

async function init({ args, options, terminal }: CommandInput<InitOptions>): Promise<ExitCode> {
  const folder = resolve(args[0] ?? '.');
  const [{ contentTemplates, markerFile, workflowTemplates }, { writeNewFiles }] = await Promise.all([
    import('../init/read-templates.ts'),
    import('../init/write-new-files.ts'),
  ]);
  requireFolder(folder);
  const isThere = existsSync(join(folder, markerFile));
  if (isThere && !options.github) throw alreadyThere(folder, markerFile);
  const templates = [...(options.github ? workflowTemplates() : []), ...(isThere ? [] : contentTemplates(folder))];
  const dryRun = options.dryRun ?? false;
  const files = writeNewFiles(folder, templates, dryRun);
  const report: InitReport = { folder, dryRun, files };
  if (terminal.json) terminal.printJson(report);
  else terminal.print(files.map(describeFile).join('\n'));
  terminal.note(`\n${describeNext(report).join('\n')}`);
  return exitCodes.fine;
}

function requireFolder(folder: string): void {
  if (!existsSync(folder) || statSync(folder).isDirectory()) return;
  throw new MargayError('CLI_FILE_UNWRITABLE', `'${folder}' is there, and is no folder.`, {
    hint: 'Name another one.',
  });
}

/** Examples have no place among content that is there. */
function alreadyThere(folder: string, markerFile: string): MargayError {
  const message = `'${folder}' is a content repository already: it has a ${markerFile}.`;
  return new MargayError('CLI_ARGUMENTS_INVALID', message, {
    hint: 'Name another folder, or add its workflows with --github.',
  });
}

const words = { written: 'new     ', same: 'same    ', kept: 'kept    ' } as const;

function describeFile({ path, outcome }: NewFile): string {
  return `${words[outcome]}${path}`;
}

function describeNext({ folder, dryRun, files }: InitReport): readonly string[] {
  const count = (wanted: NewFile['outcome']) =>
    plural(files.filter(({ outcome }) => outcome === wanted).length, 'file');
  const hasKept = files.some(({ outcome }) => outcome === 'kept');
  const kept = hasKept ? [`${count('kept')} of yours left as they are: see whether they go together.`] : [];
  const isNew = files.some(({ path, outcome }) => path === 'package.json' && outcome === 'written');
  if (dryRun) return [`${count('written')} would be written to ${folder}.`, ...kept];
  const way = relative(process.cwd(), folder);
  const enter = way === '' ? [] : [`  cd ${way}`];
  if (!isNew) return [`${count('written')} written to ${folder}.`, ...kept];
  return [`${count('written')} written to ${folder}.`, ...kept, 'Next:', ...enter, '  npm install', '  npm test'];
}
