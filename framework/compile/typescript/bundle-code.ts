import { realpathSync } from 'node:fs';
import type { DetectionFunction } from '../../model/detection.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import type { Problem } from '../../model/margay-error.ts';
import { sha256Digest } from '../../model/stable-id.ts';
import { lintFiles } from './lint-purity.ts';
import { findFaultyModules, proveFunctions } from './load-bundle.ts';
import { loadModules, type ModuleGraph } from './module-graph.ts';
import { type DetectionSyntax, readDetection } from './read-detection.ts';
import { readFields } from './read-fields.ts';
import { pathBelow } from './read-source.ts';
import { runEsbuild } from './run-esbuild.ts';

/** A detection's TypeScript file. */
export interface CodeEntry {
  readonly id: string;
  /** Below the root, or absolute. */
  readonly file: string;
}

/** The code of a bundle, and what is known of each detection in it. */
export interface BundledCode {
  /** A script whose value is an object: detection id → its functions. `''` without entries, or with problems. */
  readonly code: string;
  readonly detections: ReadonlyMap<string, BundledDetection>;
  readonly problems: readonly Problem[];
  /** Every file that is part of it, below the root, in code-unit order. */
  readonly files: readonly string[];
}

/** The TypeScript side of a detection. */
export interface BundledDetection {
  /** In the order of `detectionFunctions`. */
  readonly functions: readonly DetectionFunction[];
  /**
   * Digest of its code with everything that it imports and uses: the same after a rename, after other comments,
   * blanks or types, and after changes elsewhere. `''` with problems.
   */
  readonly digest: string;
  /** The top-level fields of the event that it reads; absent: it may read any. */
  readonly reads?: readonly string[] | undefined;
}

/**
 * Makes one script of all detections' TypeScript, with what they import. The same content gives the same bytes on
 * any machine, wherever content and Margay lie, from CRLF as from LF.
 *
 * Names in it are readable. Problems are all that can be found at once: what does not parse, imports nothing or
 * in circles, is no detection, throws when loaded. Impure code is not run, and left to `lintPurity` to report.
 */
export async function bundleCode(input: {
  readonly root: string;
  readonly entries: readonly CodeEntry[];
}): Promise<BundledCode> {
  const root = realpathSync(input.root);
  const entries = input.entries
    .map(({ id, file }) => ({ id, file: pathBelow(input.root, file) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const graph = loadModules(
    root,
    entries.map(({ file }) => file),
  );
  const files = [...graph.modules.keys()].sort();
  const syntax = new Map<string, DetectionSyntax>();
  for (const { id, file } of entries) {
    const source = graph.modules.get(file)?.source;
    if (source) syntax.set(id, readDetection(root, source, id));
  }
  const problems = [...graph.problems, ...shapeProblems(graph, entries, syntax)];
  const functionsOf = (id: string): readonly DetectionFunction[] => syntax.get(id)?.functions ?? [];
  const withDigests = (digests?: ReadonlyMap<string, string>): BundledCode['detections'] =>
    new Map(
      entries.map(({ id }) => {
        const reads = readFields(syntax.get(id)?.nodes.values() ?? []);
        return [id, { functions: functionsOf(id), digest: digests?.get(id) ?? '', ...(reads ? { reads } : {}) }];
      }),
    );

  const failed = { code: '', detections: withDigests(), files };
  if (problems.length > 0 || entries.length === 0 || reachesOut(graph)) return { ...failed, problems };
  const builds = Promise.all([buildScript(root, entries), digestEntries(root, entries)]);
  // Runs while esbuild, a process of its own, works.
  const isPure = lintFiles(root, files).length === 0;
  const [code, digests] = await builds;
  if (typeof code !== 'string') return { ...failed, problems: code };
  if (!isPure) return { ...failed, problems };
  const faults = proveFunctions(root, code, syntax) ?? (await findFaultyModules(root, entries));
  if (faults.length > 0) return { ...failed, problems: faults };
  return { code, detections: withDigests(digests), problems: [], files };
}

/** What is said about the shape of a file that does not parse would be a guess. */
function shapeProblems(
  graph: ModuleGraph,
  entries: readonly CodeEntry[],
  syntax: ReadonlyMap<string, DetectionSyntax>,
): readonly Problem[] {
  const unparsed = new Set(graph.problems.flatMap(({ code, where }) => (isOfParsing(code) ? (where?.file ?? []) : [])));
  return entries.flatMap(({ id, file }) => (unparsed.has(file) ? [] : (syntax.get(id)?.problems ?? [])));
}

function isOfParsing(code: ErrorCode): boolean {
  return code === 'COMPILE_CODE_SYNTAX' || code === 'COMPILE_FILE_TOO_LARGE';
}

/** Whether something is imported that the bundler must not even read. */
function reachesOut(graph: ModuleGraph): boolean {
  return [...graph.modules.values()].some(({ imports }) => imports.some(({ target }) => target.kind === 'forbidden'));
}

async function buildScript(root: string, entries: readonly CodeEntry[]): Promise<string | readonly Problem[]> {
  const imports = entries.map(({ file }, i) => `import detection${i} from ${JSON.stringify(`./${file}`)};`);
  const members = entries.map(({ id }, i) => `${JSON.stringify(id)}: detection${i},`);
  const contents = `${imports.join('\n')}\nexport default {\n${members.join('\n')}\n};\n`;
  const built = await runEsbuild(root, {
    stdin: { contents, resolveDir: root, sourcefile: 'bundle', loader: 'js' },
    format: 'iife',
    globalName: 'bundle',
  });
  if ('problems' in built) return built.problems;
  return `"use strict";\n(() => {\n${built.files[0]?.text ?? ''}return bundle.default;\n})();\n`;
}

/**
 * Each entry built by itself, without blanks, comments and types. Identifiers stay: which short ones a minifier
 * chooses depends on the letters of the source, types included.
 */
async function digestEntries(root: string, entries: readonly CodeEntry[]): Promise<ReadonlyMap<string, string>> {
  const built = await runEsbuild(root, {
    entryPoints: entries.map(({ file }, i) => ({ in: `./${file}`, out: String(i) })),
    format: 'esm',
    minifyWhitespace: true,
    minifySyntax: true,
  });
  if ('problems' in built) return new Map();
  const text = new Map(built.files.map((file) => [Number(/(\d+)\.js$/.exec(file.path)?.[1]), file.text]));
  return new Map(entries.map(({ id }, i) => [id, sha256Digest(withoutFileName(text.get(i) ?? ''))]));
}

/** The variable that holds the default export is named after the file. A rename must not show. */
function withoutFileName(code: string): string {
  const name = /export\{(\w+) as default\};\s*$/.exec(code)?.[1];
  return name === undefined ? code : code.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), 'detection_default');
}
