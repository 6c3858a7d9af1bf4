import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { MargayError, type Problem } from '../../model/margay-error.ts';
import { compileForRuntime } from '../compile-for-runtime.ts';
import type { Terminal } from '../terminal.ts';

/** What CODEOWNERS in the work tree is to become. */
export interface OwnersSetup {
  /** Absent: it says already who owns the content. */
  readonly change?: OwnersChange;
  /** Owners that are none at GitHub. */
  readonly problems: readonly Problem[];
  /** Carries the change out. @returns The file, from the current folder. @throws CLI_FILE_UNWRITABLE */
  write(): string;
}

/** A change of CODEOWNERS, beside those of the settings. */
export interface OwnersChange {
  readonly kind: 'codeowners';
  /** The path from the root of the repository. */
  readonly name: string;
  readonly change: 'create' | 'update';
  readonly detail: string;
  /** `+ …` and `- …`. */
  readonly lines: readonly string[];
}

/** Where GitHub looks for the file, in its order. */
const places = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/**
 * Drafts CODEOWNERS from the owners of the content below a root; nothing is written. `wrong`: the content has errors,
 * which are shown then. `nothing`: there is no content.
 */
export async function setUpOwners(root: string, terminal: Terminal): Promise<OwnersSetup | 'wrong' | 'nothing'> {
  if (!['detections', 'scheduled-queries'].some((folder) => isThere(join(root, folder)))) return 'nothing';
  const compiled = await compileForRuntime(root, terminal, 'nothing was set up', { types: false, cache: true });
  if (!compiled) return 'wrong';
  const [{ placeInCheckout }, { draftCodeowners }] = await Promise.all([
    import('../../gitops/git/index.ts'),
    import('../../gitops/github/index.ts'),
  ]);
  const { top, prefix } = await placeInCheckout(root);
  const found = places.find((place) => isThere(join(top, place)));
  const [name] = found ? [found] : places;
  const file = join(top, name);
  const before = found ? readFileSync(file, 'utf8') : '';
  const { detections, queries } = compiled.bundle;
  const { text, lines, problems } = draftCodeowners(before, [...detections, ...queries], prefix);
  const write = (): string => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } catch (cause) {
      throw new MargayError('CLI_FILE_UNWRITABLE', `'${file}' cannot be written: ${(cause as Error).message}.`, {
        cause,
      });
    }
    return relative(process.cwd(), file);
  };
  if (text === before) return { problems, write };
  const change = found ? 'update' : 'create';
  const detail = 'the owners that the content names; in the work tree, to be proposed as any other change';
  return { change: { kind: 'codeowners', name, change, detail, lines }, problems, write };
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
