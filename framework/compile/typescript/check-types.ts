import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { ts } from 'ts-morph';
import type { Problem } from '../../model/margay-error.ts';
import { checkContextColumns } from './check-context-columns.ts';
import { doorTypesFile } from './margay-door.ts';
import { parseOptions, pathBelow, readSource, syntaxProblems, whereAt } from './read-source.ts';
import { suggestProperty } from './suggest-property.ts';

const libraryFolder = dirname(createRequire(import.meta.url).resolve('typescript'));

const options: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  forceConsistentCasingInFileNames: true,
  target: parseOptions.languageVersion as ts.ScriptTarget,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ['lib.es2023.d.ts'],
  types: [],
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Parsed library files: they are the same for every check of this process. */
const libraries = new Map<string, ts.SourceFile>();

/**
 * Type-checks content as strictly as TypeScript can, with the library of the language itself: no browser, no Node.
 * Checked are the files given, `margay.config.ts`, and what they import. Each problem is TypeScript's own, with its
 * number; a column that `context` returns without having declared it is one too. Files are all that were read below the
 * root.
 *
 * @param input.types - The text of `.margay/types.d.ts`; the file itself is not read.
 */
export async function checkTypes(input: {
  readonly root: string;
  readonly files: readonly string[];
  readonly types: string;
}): Promise<{ readonly problems: readonly Problem[]; readonly files: readonly string[] }> {
  const root = realpathSync(input.root);
  const typesFile = join(root, '.margay', 'types.d.ts');
  const files = new Set(input.files.map((file) => pathBelow(input.root, file)));
  if (existsSync(join(root, 'margay.config.ts'))) files.add('margay.config.ts');
  const rootNames = [typesFile, ...[...files].map((file) => resolve(root, file))];
  const program = ts.createProgram({ rootNames, options, host: createHost(root, typesFile, input.types) });
  const checked = program.getSourceFiles().filter((source) => isContent(root, source));
  const read = program.getSourceFiles().map(({ fileName }) => fileName);
  const below = read.filter((path) => path !== typesFile && path.startsWith(`${root}/`) && !isOfMargay(path));
  return {
    problems: checked.flatMap((source) => checkFile(root, source, program)),
    files: below.map((path) => pathBelow(root, path)),
  };
}

function isContent(root: string, { fileName, isDeclarationFile }: ts.SourceFile): boolean {
  return !isDeclarationFile && fileName.startsWith(`${root}/`) && !isOfMargay(fileName);
}

function isOfMargay(path: string): boolean {
  return path.startsWith(dirname(doorTypesFile));
}

function checkFile(root: string, source: ts.SourceFile, program: ts.Program): readonly Problem[] {
  const syntax = syntaxProblems(root, source);
  if (syntax.length > 0) return syntax;
  const checker = program.getTypeChecker();
  const found = program.getSemanticDiagnostics(source).map((diagnostic): Problem => {
    const { messageText, code, start } = diagnostic;
    const hint = suggestProperty(source, diagnostic, checker);
    return {
      code: 'COMPILE_TYPE_ERROR',
      message: `${ts.flattenDiagnosticMessageText(messageText, '\n')} (TS${code})`,
      where: whereAt(root, source, start ?? 0),
      ...(hint === undefined ? {} : { hint }),
      severity: 'error',
    };
  });
  return [...found, ...checkContextColumns(root, source, checker)];
}

function createHost(root: string, typesFile: string, types: string): ts.CompilerHost {
  const read = (path: string): string | undefined => (path === typesFile ? types : readOptional(path));
  const host: ts.CompilerHost = {
    getSourceFile: (path) => {
      if (path.startsWith(libraryFolder)) return readLibrary(path);
      if (path !== typesFile && path.startsWith(`${root}/`) && path.endsWith('.ts')) return readSource(root, path);
      const text = read(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, parseOptions);
    },
    getDefaultLibFileName: () => join(libraryFolder, 'lib.es2023.d.ts'),
    getDefaultLibLocation: () => libraryFolder,
    resolveModuleNameLiterals: (literals, containingFile) =>
      literals.map(({ text }) => {
        if (text === 'margay')
          return { resolvedModule: { resolvedFileName: doorTypesFile, extension: extensionOf(doorTypesFile) } };
        return ts.resolveModuleName(text, containingFile, options, host);
      }),
    writeFile: () => {},
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => path === typesFile || (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false),
    readFile: read,
    realpath: (path) => (existsSync(path) ? realpathSync(path) : path),
  };
  return host;
}

function extensionOf(file: string): ts.Extension {
  return file.endsWith('.d.ts') ? ts.Extension.Dts : ts.Extension.Ts;
}

function readLibrary(path: string): ts.SourceFile | undefined {
  const known = libraries.get(path);
  if (known) return known;
  const text = readOptional(path);
  if (text === undefined) return undefined;
  const source = ts.createSourceFile(path, text, parseOptions);
  libraries.set(path, source);
  return source;
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
