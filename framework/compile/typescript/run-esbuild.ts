import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import {
  type BuildFailure,
  type BuildOptions,
  type BuildResult,
  build,
  type Message,
  type Plugin,
  transform,
} from 'esbuild';
import type { Problem } from '../../model/margay-error.ts';
import { doorFile, doorFolder } from './margay-door.ts';

/** What every build has in common. Nothing around the content (tsconfig, package.json, folders above) decides. */
const sameEverywhere = {
  bundle: true,
  write: false,
  platform: 'neutral',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  logLimit: 0,
  mainFields: [],
  resolveExtensions: ['.ts'],
  tsconfigRaw: '{ "compilerOptions": { "useDefineForClassFields": true } }',
  outdir: '.',
} satisfies BuildOptions;

/** A build's files, or what is wrong with the content. */
export type BuildOutcome =
  | { readonly files: readonly { readonly path: string; readonly text: string }[] }
  | { readonly problems: readonly Problem[] };

/**
 * Builds content files below a root.
 *
 * @param options - What to build and how, besides what every build has in common.
 */
export async function runEsbuild(root: string, options: BuildOptions): Promise<BuildOutcome> {
  try {
    const absWorkingDir = realpathSync(root);
    const result: BuildResult = await build({ ...sameEverywhere, absWorkingDir, plugins: [margayDoor], ...options });
    return { files: (result.outputFiles ?? []).map(({ path, text }) => ({ path, text })) };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { problems: error.errors.map(toProblem) };
  }
}

/**
 * Leads `margay` to the content door of this very package. Its modules have names of their own, so that neither
 * where it is installed nor whether it runs from source shows in the output.
 */
const margayDoor: Plugin = {
  name: 'margay-door',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^margay$/ }, () => ({ path: nameOf(doorFile), namespace: 'margay', sideEffects: false }));
    onResolve({ filter: /^\./, namespace: 'margay' }, ({ path, importer }) => {
      const file = resolve(dirname(resolve(doorFolder, importer)), path);
      return { path: nameOf(file), namespace: 'margay', sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'margay' }, async ({ path }) => {
      doorModules.set(path, doorModules.get(path) ?? readDoorModule(path));
      return { contents: await doorModules.get(path), loader: 'js' };
    });
  },
};

/** Read once: they are those of the running program. */
const doorModules = new Map<string, Promise<string>>();

/** The printer keeps some line breaks, and those of our sources are not those of the built files. */
async function readDoorModule(name: string): Promise<string> {
  const loader = doorFile.endsWith('.ts') ? 'ts' : 'js';
  const text = await readFile(resolve(doorFolder, `${name}.${loader}`), 'utf8');
  return (
    await transform(text, { loader, minifyWhitespace: true, legalComments: 'none', charset: 'utf8', target: 'es2022' })
  ).code;
}

function nameOf(file: string): string {
  return relative(doorFolder, file)
    .replaceAll(sep, '/')
    .replace(/\.[jt]s$/, '');
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error;
}

function toProblem({ text, location }: Message): Problem {
  const isImport = /^(No matching export|Could not resolve)/.test(text);
  return {
    code: isImport ? 'COMPILE_IMPORT_UNRESOLVED' : 'COMPILE_CODE_SYNTAX',
    message: isImport ? `${text}.` : `Not valid: ${text}`,
    // Its columns are bytes, from 0.
    where: location
      ? {
          file: location.file,
          line: location.line,
          col: Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1,
        }
      : undefined,
    severity: 'error',
  };
}
