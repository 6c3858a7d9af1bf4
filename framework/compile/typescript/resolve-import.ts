import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { packageFolder } from './margay-door.ts';
import { pathBelow } from './read-source.ts';

/** What an import of a content file leads to. */
export type ImportTarget =
  | { readonly kind: 'margay' }
  /** A file below the content root, by its path below it. */
  | { readonly kind: 'file'; readonly file: string }
  /** A relative path where there is no file. */
  | { readonly kind: 'missing' }
  /** Anything else. `why` ends the sentence "'x' cannot be imported: …". */
  | { readonly kind: 'forbidden'; readonly why: string };

/** Follows an import as the bundler does. Content imports `margay` and TypeScript or JSON files of its own, nothing else. */
export function resolveImport(root: string, importer: string, specifier: string): ImportTarget {
  if (specifier === 'margay') return { kind: 'margay' };
  if (!/^\.\.?\//.test(specifier)) return { kind: 'forbidden', why: 'it is neither `margay` nor a relative path' };
  const path = resolve(dirname(resolve(root, importer)), specifier);
  if (!isInside(root, path)) return { kind: 'forbidden', why: 'it lies outside the content root' };
  if (/(^|\/)(node_modules|\.[^/]*)\//.test(pathBelow(root, path))) {
    return { kind: 'forbidden', why: 'it lies in a folder that holds no content' };
  }
  const found = candidatesOf(path).find(isFile);
  const real = found === undefined ? path : realpathSync(found);
  if (isInside(packageFolder, real)) return { kind: 'forbidden', why: 'content reaches Margay by its name only' };
  if (found === undefined) return { kind: 'missing' };
  if (!isInside(realpathSync(root), real))
    return { kind: 'forbidden', why: 'it is a link to outside the content root' };
  return { kind: 'file', file: pathBelow(root, found) };
}

function candidatesOf(path: string): readonly string[] {
  if (/\.(ts|json)$/.test(path)) return [path];
  return [`${path}.ts`, ...(path.endsWith('.js') ? [path.replace(/\.js$/, '.ts')] : []), resolve(path, 'index.ts')];
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
