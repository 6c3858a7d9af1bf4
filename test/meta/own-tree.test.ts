import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Node, Project } from 'ts-morph';
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
  const isCatalogue = (path: string): boolean => path.endsWith('error-codes.ts');
  const source = filesBelow(framework, /\.ts$/)
    .filter((path) => !isCatalogue(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  const tests = filesBelow(join(repository, 'test'), /\.(ts|txt|snap|json|yml)$/)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');

  it.each(Object.keys(errorCodes))('%s is raised somewhere, and met by a test', (code) => {
    expect(source.includes(code), `${code} is raised nowhere`).toBe(true);
    expect(tests.includes(code), `${code} is in no test`).toBe(true);
  });
});

describe('the content', () => {
  it('has no problems: each detection has a test that matches and one that does not', async () => {
    const { problems, bundle } = await compileContent({ root: repository, types: false });
    expect(problems).toEqual([]);
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
