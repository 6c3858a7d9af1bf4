import { realpathSync } from 'node:fs';
import { ts } from 'ts-morph';
import type { Problem } from '../../model/margay-error.ts';
import { loadModules } from './module-graph.ts';
import { lintAsync } from './purity/async.ts';
import { lintGlobals } from './purity/globals.ts';
import { lintImports } from './purity/imports.ts';
import { createLintContext, type LintContext, type PurityRule } from './purity/lint-context.ts';
import { lintModuleState } from './purity/module-state.ts';
import { lintNondeterminism } from './purity/nondeterminism.ts';
import { lintReflection } from './purity/reflection.ts';
import { parseOptions, pathBelow, readSource } from './read-source.ts';

const rules: readonly PurityRule[] = [
  lintImports,
  lintGlobals,
  lintNondeterminism,
  lintReflection,
  lintModuleState,
  lintAsync,
];

/** The verdict on a file holds as long as its text, below one root. */
const verdicts = new WeakMap<ts.SourceFile, { readonly root: string; readonly problems: readonly Problem[] }>();

/**
 * What keeps content code from being pure: imports of anything but `margay` and its own files, globals that are
 * not on the list, clock, randomness, reflection, state between events, `async`. Every problem, in file order.
 *
 * It gives good errors early. It is no wall: what content may really do is bounded at run time by a worker
 * without ambient authority.
 *
 * @param input.files - Below the root, or absolute; what they import is linted with them. Unreadable files, syntax
 * errors and imports that lead nowhere are for others to report.
 */
export async function lintPurity(input: {
  readonly root: string;
  readonly files: readonly string[];
}): Promise<readonly Problem[]> {
  const root = realpathSync(input.root);
  const files = input.files.map((file) => pathBelow(input.root, file));
  return lintFiles(root, [...loadModules(root, files).modules.keys()].sort());
}

/** As {@link lintPurity}, for files below a resolved root. */
export function lintFiles(root: string, files: readonly string[]): readonly Problem[] {
  const sources = files.filter((file) => file.endsWith('.ts')).flatMap((file) => readSource(root, file) ?? []);
  const unseen = sources.filter((source) => verdicts.get(source)?.root !== root);
  if (unseen.length > 0) {
    const checker = scopesOf(unseen);
    for (const source of unseen) verdicts.set(source, { root, problems: lintSource(root, source, checker) });
  }
  return sources.flatMap((source) => verdicts.get(source)?.problems ?? []);
}

function lintSource(root: string, source: ts.SourceFile, checker: ts.TypeChecker): readonly Problem[] {
  const problems: Problem[] = [];
  const context = createLintContext({ root, file: pathBelow(root, source.fileName), checker }, problems);
  ts.forEachChild(source, (node) => visit(node, context));
  return problems;
}

function visit(node: ts.Node, context: LintContext): void {
  if (isTypesOnly(node)) return;
  for (const rule of rules) rule(node, context);
  ts.forEachChild(node, (child) => visit(child, context));
}

/** Types are gone before anything runs. What a class extends is a value in a type's clothes. */
function isTypesOnly(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) {
    return ts.isHeritageClause(node.parent) && node.parent.token === ts.SyntaxKind.ImplementsKeyword;
  }
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTypeNode(node)) return true;
  return (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true
  );
}

/** A program without libraries and resolution: it knows which name means which declaration, and nothing else. */
function scopesOf(sources: readonly ts.SourceFile[]): ts.TypeChecker {
  const byName = new Map(sources.map((source) => [source.fileName, source]));
  const host: ts.CompilerHost = {
    getSourceFile: (name) => byName.get(name),
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: () => {},
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => byName.has(name),
    readFile: (name) => byName.get(name)?.text,
  };
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    target: parseOptions.languageVersion as ts.ScriptTarget,
    module: ts.ModuleKind.Preserve,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  return ts.createProgram({ rootNames: [...byName.keys()], options, host }).getTypeChecker();
}
