import type { Routing } from './destination.ts';
import type { Level } from './level.ts';

/** Where an alert goes. */
export interface ResolvedDestinations {
  /** Names that routing knows, each once. */
  readonly names: readonly string[];
  /** Names that the detection asked for and routing lacks. */
  readonly unknown: readonly string[];
}

/**
 * The destinations of an alert.
 *
 * - `wanted` absent: every destination whose `levels` hold the alert's level; none is nowhere.
 * - `wanted` empty: nowhere.
 * - `wanted` names: those. An unknown name is replaced by the default destination, and where there is no default
 *   by what the level routes to; it never just disappears.
 */
export function resolveDestinations(
  wanted: readonly string[] | undefined,
  level: Level,
  routing: Routing,
): ResolvedDestinations {
  const byLevel = routing.destinations.filter(({ levels }) => levels.includes(level)).map(({ name }) => name);
  if (wanted === undefined) return { names: byLevel, unknown: [] };
  const known = new Set(routing.destinations.map(({ name }) => name));
  const unknown = [...new Set(wanted.filter((name) => !known.has(name)))];
  const fallback = routing.defaultDestination;
  const substitutes = fallback !== undefined && known.has(fallback) ? [fallback] : byLevel;
  const names = wanted.flatMap((name) => (known.has(name) ? [name] : substitutes));
  return { names: [...new Set(names)], unknown };
}
