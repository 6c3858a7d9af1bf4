/** Sigma's levels, lowest first. */
export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;

/** How bad a match is. */
export type Level = (typeof levels)[number];

/** Whether a text is a level. */
export function isLevel(value: unknown): value is Level {
  return (levels as readonly unknown[]).includes(value);
}

/** Whether a level is at or above another. */
export function isAtLeast(level: Level, floor: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(floor);
}

/**
 * The levels that selectors such as `['medium+', 'low']` name: `medium+` is medium and above.
 * Unknown selectors name none.
 */
export function selectLevels(selectors: readonly string[]): readonly Level[] {
  return levels.filter((level) =>
    selectors.some((selector) => {
      const floor = selector.endsWith('+') ? selector.slice(0, -1) : undefined;
      return floor === undefined ? selector === level : isLevel(floor) && isAtLeast(level, floor);
    }),
  );
}
