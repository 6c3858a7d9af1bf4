import { SourceMap } from 'node:module';
import type { Problem, Where } from '../../model/margay-error.ts';
import { evaluateScript } from './evaluate-script.ts';
import type { DetectionSyntax } from './read-detection.ts';
import { whereOf } from './read-source.ts';
import { runEsbuild } from './run-esbuild.ts';

/**
 * Loads a bundle's script and looks at what it gives: each member of a detection that is no function is a problem.
 *
 * @returns `undefined` when it does not load at all: {@link findFaultyModules} says why.
 */
export function proveFunctions(
  root: string,
  code: string,
  syntax: ReadonlyMap<string, DetectionSyntax>,
): readonly Problem[] | undefined {
  const kinds = `Object.entries(detections).map(([id, functions]) =>
    [id, Object.entries(functions).map(([name, value]) => [name, typeof value])])`;
  const loaded =
    evaluateScript(`"use strict"; (() => { const detections = ${code.slice(code.indexOf('(() =>')).trimEnd()}
    return JSON.stringify(${kinds}); })()`);
  if ('error' in loaded) return undefined;
  const problems: Problem[] = [];
  for (const [id, functions] of loaded.value as [string, [string, string][]][]) {
    for (const [name, kind] of functions) {
      const node = syntax.get(id)?.nodes.get(name);
      if (kind === 'function' || !node) continue;
      const message = `'${name}' should be a function of the event, and is ${kind === 'undefined' ? 'undefined' : `a ${kind}`}.`;
      const hint = `Write \`${name}: (event) => …\`, or leave it out.`;
      problems.push({ code: 'COMPILE_FUNCTION_INVALID', message, where: whereOf(root, node), hint, severity: 'error' });
    }
  }
  return problems;
}

/** Loads each entry by itself, and says which throw or do not end, and where. */
export async function findFaultyModules(
  root: string,
  entries: readonly { readonly file: string }[],
): Promise<readonly Problem[]> {
  const built = await runEsbuild(root, {
    entryPoints: entries.map(({ file }, i) => ({ in: `./${file}`, out: String(i) })),
    format: 'iife',
    sourcemap: 'external',
  });
  if ('problems' in built) return built.problems;
  const byName = new Map(built.files.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text]));
  const problems = entries.flatMap(({ file }, i) => {
    const loaded = evaluateScript(byName.get(`${i}.js`) ?? '');
    if (!('error' in loaded)) return [];
    const where = mapBack(loaded, byName.get(`${i}.js.map`)) ?? { file, line: 1, col: 1 };
    const message = `This file cannot be loaded: ${loaded.error.replace(/\.$/, '')}.`;
    const hint = 'What stands outside of functions runs once, when the bundle is loaded.';
    return [{ code: 'COMPILE_CODE_THREW', message, where, hint, severity: 'error' } satisfies Problem];
  });
  // What several detections import throws for each of them.
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function mapBack(place: { readonly line?: number; readonly col?: number }, map: string | undefined): Where | undefined {
  if (place.line === undefined || place.col === undefined || map === undefined) return undefined;
  const found = new SourceMap(JSON.parse(map)).findEntry(place.line - 1, place.col - 1);
  if (!('originalSource' in found)) return undefined;
  return { file: found.originalSource, line: found.originalLine + 1, col: found.originalColumn + 1 };
}
