import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { MargayError } from '../model/margay-error.ts';

/** The option of every command that reads content. */
export interface ContentOptions {
  readonly root: string;
}

/** `--root DIR`. */
export function rootOption(): Option {
  return new Option('--root <dir>', 'The content repository.').env('MARGAY_ROOT').default('.', 'the current folder');
}

/** `--no-cache`: for commands that show something, and so may use what an earlier one found of the same files. */
export function noCacheOption(): Option {
  return new Option('--no-cache', 'Do not use what is known of unchanged files from before.');
}

/**
 * The content root as an absolute path.
 *
 * @throws CLI_FILE_UNREADABLE when it is no folder.
 */
export function contentRoot(options: ContentOptions): string {
  const root = resolve(options.root);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new MargayError('CLI_FILE_UNREADABLE', `'${options.root}' is not a folder.`, {
      hint: "Give the folder that holds 'detections/' with '--root DIR'.",
    });
  }
  return root;
}
