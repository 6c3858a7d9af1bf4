import { ts } from 'ts-morph';
import { resolveImport } from '../resolve-import.ts';
import type { LintContext } from './lint-context.ts';

/** Content imports `margay` and its own relative files, by plain import declarations. */
export function lintImports(node: ts.Node, context: LintContext): void {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    if (node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) lintSpecifier(node.moduleSpecifier, context);
  } else if (ts.isImportEqualsDeclaration(node)) {
    dynamic(node, 'import … = …', context);
  } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    dynamic(node, 'import()', context);
  } else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
    dynamic(node, 'import.meta', context);
  }
}

function lintSpecifier(specifier: ts.StringLiteral, context: LintContext): void {
  const target = resolveImport(context.root, context.file, specifier.text);
  if (target.kind !== 'forbidden') return;
  context.report(
    'COMPILE_IMPORT_FORBIDDEN',
    specifier,
    `'${specifier.text}' cannot be imported: ${target.why}.`,
    "Content imports from 'margay', and from its own files by relative paths: './lists.ts'.",
  );
}

function dynamic(node: ts.Node, what: string, context: LintContext): void {
  context.report(
    'COMPILE_IMPORT_DYNAMIC',
    node,
    `\`${what}\` is refused: what a detection is made of is known when it is compiled.`,
    "Write `import { … } from './file.ts'` at the top of the file.",
  );
}
