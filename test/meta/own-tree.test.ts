import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Node, Project, ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { compileContent } from '../../framework/compile/index.ts';
import { errorCodes } from '../../framework/model/error-codes.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const framework = join(repository, 'framework');

function filesBelow(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path) && !/(^|\/)(dist|node_modules)\//.test(path))
    .map((path) => join(folder, path));
}

describe('error codes', () => {
  const catalogues = ['error-codes.ts', 'access-codes.ts', 'cli-codes.ts', 'gitops-codes.ts', 'status-of-code.ts'];
  const sources = filesBelow(framework, /\.ts$/).filter((path) => !catalogues.includes(basename(path)));
  const raised = codesIn(sources.flatMap(literalsOf));
  const tests = filesBelow(join(repository, 'test'), /\.ts$/).filter((path) => path !== fileURLToPath(import.meta.url));
  const goldens = filesBelow(join(repository, 'test'), /(^|\/)golden\/.*\.txt$|\.snap$/);
  const met = codesIn([...tests.flatMap(literalsOf), ...goldens.map((path) => readFileSync(path, 'utf8'))]);

  it.each(Object.keys(errorCodes))('%s is raised somewhere, and met by a test', (code) => {
    expect(raised.has(code), `${code} is raised nowhere`).toBe(true);
    expect(met.has(code), `${code} is in no test`).toBe(true);
  });

  it('are not met by a comment, a type or a comparison', () => {
    const text = `// A_COMMENT
      type Code = 'A_TYPE';
      if (code === 'A_COMPARED' || 'B_COMPARED' !== code) fail('A_LITERAL', \`B_LITERAL \${code} C_LITERAL\`, /D_LITERAL/);`;
    expect([...codesIn(literals(text))]).toEqual(['A_LITERAL', 'B_LITERAL', 'C_LITERAL', 'D_LITERAL']);
  });
});

describe('the content', () => {
  it('has no problems: each detection has a test that matches and one that does not', async () => {
    const { problems, bundle } = await compileContent({ root: repository, types: false });
    expect(problems).toEqual([]);
    for (const { name, reference } of bundle?.logTypes ?? []) expect(reference, name).toMatch(/^https:/);
    for (const { id, where } of bundle?.detections ?? []) expect(where.file).toBe(`detections/${id}.yml`);
    for (const { id, where } of bundle?.queries ?? []) expect(where.file).toBe(`scheduled-queries/${id}.yml`);
  });
});

describe('docstrings', () => {
  const project = new Project({
    tsConfigFilePath: join(framework, 'tsconfig.json'),
    skipAddingFilesFromTsConfig: true,
  });
  const doors = filesBelow(framework, /(^|\/)index\.ts$/);
  project.addSourceFilesAtPaths([...doors, join(framework, 'runtime/start-runtime.ts')]);

  it.each(project.getSourceFiles().map((file) => relative(framework, file.getFilePath())))(
    'every export of %s has one',
    (path) => {
      const door = project.getSourceFileOrThrow(join(framework, path));
      const bare = [...door.getExportedDeclarations()].filter(([, declarations]) => !declarations.some(isDocumented));
      expect(bare.map(([name]) => name)).toEqual([]);
    },
  );
});

/** Whether a declaration, or the statement that holds it, carries a docstring. */
function isDocumented(declaration: Node): boolean {
  if (Node.isSourceFile(declaration)) return true;
  const holder = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : declaration;
  return Node.isJSDocable(holder) && holder.getJsDocs().some((doc) => doc.getDescription().trim() !== '');
}

/** The codes in texts. */
function codesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []));
}

function literalsOf(path: string): readonly string[] {
  return literals(readFileSync(path, 'utf8'));
}

/** The texts and regular expressions of a TypeScript file that it does something with: not those of types, nor what is compared. */
function literals(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (isText(node) && !isCompared(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isTemplateHead(node) ||
    ts.isRegularExpressionLiteral(node)
  );
}

function isCompared({ parent }: ts.Node): boolean {
  const equalities = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken];
  return ts.isBinaryExpression(parent) && equalities.includes(parent.operatorToken.kind);
}
