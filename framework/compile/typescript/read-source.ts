import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { ts } from 'ts-morph';
import type { Problem, Where } from '../../model/margay-error.ts';

/** Parsed files by absolute path, as long as somebody holds them: linting, bundling and checking share them. */
const parsed = new Map<string, WeakRef<ts.SourceFile>>();

/** The options that every parse uses, so that the results can be shared. */
export const parseOptions: ts.CreateSourceFileOptions = { languageVersion: ts.ScriptTarget.ES2022 };

/** The parsed content file; again the same object while its text is the same. `undefined` when unreadable. */
export function readSource(root: string, file: string): ts.SourceFile | undefined {
  const path = resolve(root, file);
  const text = readText(path);
  if (text === undefined) return undefined;
  const known = parsed.get(path)?.deref();
  if (known?.text === text) return known;
  const source = ts.createSourceFile(path, text, parseOptions, true, ts.ScriptKind.TS);
  parsed.set(path, new WeakRef(source));
  return source;
}

/** The path below the content root, with forward slashes on every system. */
export function pathBelow(root: string, file: string): string {
  return relative(root, resolve(root, file)).replaceAll(sep, '/');
}

/** Where a node begins. */
export function whereOf(root: string, node: ts.Node): Where {
  const source = node.getSourceFile();
  return whereAt(root, source, node.getStart(source));
}

/** Where a character of a file stands. */
export function whereAt(root: string, source: ts.SourceFile, offset: number): Where {
  const { line, character } = source.getLineAndCharacterOfPosition(offset);
  return { file: pathBelow(root, source.fileName), line: line + 1, col: character + 1 };
}

/** What keeps a file from parsing, everything at once. */
export function syntaxProblems(root: string, source: ts.SourceFile): readonly Problem[] {
  // Not in the public types, and the only way to a file's own syntax errors without a program.
  const { parseDiagnostics } = source as unknown as { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  return parseDiagnostics.map((found) => ({
    code: 'COMPILE_CODE_SYNTAX',
    message: `Not valid TypeScript: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`,
    where: whereAt(root, source, found.start),
    severity: 'error',
  }));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
