import type { Colors } from '../terminal.ts';

/** A level in its colour; anything else as it is. */
export function colorLevel(level: string, colors: Colors): string {
  switch (level) {
    case 'critical':
      return colors.bold(colors.magenta(level));
    case 'high':
      return colors.red(level);
    case 'medium':
      return colors.yellow(level);
    case 'low':
      return colors.blue(level);
    default:
      return colors.dim(level);
  }
}
