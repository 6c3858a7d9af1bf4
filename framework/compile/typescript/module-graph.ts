import { readdirSync } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import { ts } from 'ts-morph';
import type { Problem } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import { readSource, syntaxProblems, whereOf } from './read-source.ts';
import { type ImportTarget, resolveImport } from './resolve-import.ts';

/** An import that stays in the code; those of types alone are gone by then. */
export interface ValueImport {
  readonly specifier: ts.StringLiteral;
  readonly target: ImportTarget;
}

/** A content file and what it imports. JSON files have no source. */
export interface ContentModule {
  readonly file: string;
  readonly source: ts.SourceFile | undefined;
  readonly imports: readonly ValueImport[];
}

/** The modules that some entries reach. */
export interface ModuleGraph {
  /** By path below the root. */
  readonly modules: ReadonlyMap<string, ContentModule>;
  /** Syntax errors, imports that lead nowhere, cycles. */
  readonly problems: readonly Problem[];
}

/** Loads entries and everything they import, each file once. */
export function loadModules(root: string, entries: readonly string[]): ModuleGraph {
  const modules = new Map<string, ContentModule>();
  const problems: Problem[] = [];
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (modules.has(file)) continue;
    const source = file.endsWith('.json') ? undefined : readSource(root, file);
    const imports = source ? importsOf(root, file, source) : [];
    modules.set(file, { file, source, imports });
    if (source) problems.push(...syntaxProblems(root, source));
    for (const { target, specifier } of imports) {
      if (target.kind === 'file') waiting.push(target.file);
      if (target.kind === 'missing') problems.push(missingImport(root, file, specifier));
    }
  }
  return { modules, problems: [...problems, ...findCycles(root, modules)] };
}

function importsOf(root: string, file: string, source: ts.SourceFile): readonly ValueImport[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier) || isOfTypesOnly(statement)) return [];
    return [{ specifier, target: resolveImport(root, file, specifier.text) }];
  });
}

function isOfTypesOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause) return false;
  const named =
    clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : undefined;
  return (
    clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (!clause.name && named !== undefined && named.length > 0 && named.every((element) => element.isTypeOnly))
  );
}

function missingImport(root: string, file: string, specifier: ts.StringLiteral): Problem {
  const folder = dirname(resolve(root, file, '..', specifier.text));
  const names = listFiles(folder).map((name) => {
    const path = posix.join(posix.dirname(specifier.text), name);
    return path.startsWith('.') ? path : `./${path}`;
  });
  return {
    code: 'COMPILE_IMPORT_UNRESOLVED',
    message: `There is no file '${specifier.text}' to import.`,
    where: whereOf(root, specifier),
    hint: suggest(specifier.text, names),
    severity: 'error',
  };
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(ts|json)$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** One problem per cycle, at the import that closes it. */
function findCycles(root: string, modules: ReadonlyMap<string, ContentModule>): readonly Problem[] {
  const problems: Problem[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): void => {
    trail.push(file);
    for (const { target, specifier } of modules.get(file)?.imports ?? []) {
      if (target.kind !== 'file') continue;
      const start = trail.indexOf(target.file);
      if (start >= 0) problems.push(cycle(root, specifier, [...trail.slice(start), target.file]));
      else if (!done.has(target.file)) visit(target.file);
    }
    trail.pop();
    done.add(file);
  };
  for (const file of [...modules.keys()].sort()) if (!done.has(file)) visit(file);
  return problems;
}

function cycle(root: string, specifier: ts.StringLiteral, files: readonly string[]): Problem {
  return {
    code: 'COMPILE_IMPORT_CYCLE',
    message: `These files import each other: ${files.join(' → ')}.`,
    where: whereOf(root, specifier),
    hint: 'Move what both need into a third file; import types alone by `import type`.',
    severity: 'error',
  };
}
