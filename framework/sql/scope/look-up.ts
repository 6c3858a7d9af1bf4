import type { BoundColumn, Scope, Source } from './bound.ts';

/** The column of a source by name, whatever its case. */
export function columnOf(source: Source, name: string): BoundColumn | undefined {
  const lower = name.toLowerCase();
  return source.columns.find((column) => column.name.toLowerCase() === lower);
}

/** The source of a scope by its name in FROM, whatever its case. */
export function sourceNamed(name: string, scope: Scope): Source | undefined {
  return scope.sources.find((source) => source.name.toLowerCase() === name.toLowerCase());
}

/** Every source that a name can reach: of the scope and of those around it. */
export function reachableSources(scope: Scope): readonly Source[] {
  return scope.outer === undefined ? scope.sources : [...scope.sources, ...reachableSources(scope.outer)];
}
