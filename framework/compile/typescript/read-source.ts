import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { ts } from 'ts-morph';
import type { Problem, Where } from '../../model/margay-error.ts';
import { maxContentBytes } from '../content/read-text.ts';

/** Parsed files by absolute path, as long as somebody holds them: linting, bundling and checking share them. */
const parsed = new Map<string, WeakRef<ts.SourceFile>>();

/** The options that every parse uses, so that the results can be shared. */
export const parseOptions: ts.CreateSourceFileOptions = { languageVersion: ts.ScriptTarget.ES2022 };

/** Deeper code than this, and neither the checker nor our own walks are sure to come back from it. */
const maxDepth = 500;

/** Files that stand for themselves by an empty one, and why. */
const refused = new WeakMap<ts.SourceFile, Pick<Problem, 'code' | 'message' | 'hint'>>();

/**
 * The parsed content file; again the same object while its text is the same. `undefined` when unreadable. One that
 * is too large or too deep is given as an empty one, and {@link syntaxProblems} say so.
 */
export function readSource(root: string, file: string): ts.SourceFile | undefined {
  const path = resolve(root, file);
  const text = readText(path);
  if (text === undefined) return undefined;
  const known = parsed.get(path)?.deref();
  if (known?.text === text) return known;
  const source = parse(path, text);
  parsed.set(path, new WeakRef(source));
  return source;
}

function parse(path: string, text: string): ts.SourceFile {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxContentBytes) {
    const message = `The file has ${bytes} bytes; ${maxContentBytes} are the limit.`;
    return refuse(path, { code: 'COMPILE_FILE_TOO_LARGE', message });
  }
  try {
    const source = ts.createSourceFile(path, text, parseOptions, true, ts.ScriptKind.TS);
    if (!isDeeperThan(source, maxDepth)) return source;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const message = `The code is nested deeper than ${maxDepth} levels.`;
  return refuse(path, { code: 'COMPILE_CODE_SYNTAX', message, hint: 'Put long lists into an array.' });
}

function refuse(path: string, why: Pick<Problem, 'code' | 'message' | 'hint'>): ts.SourceFile {
  const source = ts.createSourceFile(path, '', parseOptions, true, ts.ScriptKind.TS);
  refused.set(source, why);
  return source;
}

/** Level by level: the walk itself needs no stack. */
function isDeeperThan(source: ts.SourceFile, levels: number): boolean {
  let level: ts.Node[] = [source];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    const next: ts.Node[] = [];
    for (const node of level) ts.forEachChild(node, (child) => void next.push(child));
    level = next;
  }
  return false;
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
  const why = refused.get(source);
  if (why) return [{ ...why, where: whereAt(root, source, 0), severity: 'error' }];
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
