import { backtrackingCost } from './backtracking-cost.ts';
import { parseRegex } from './parse-regex.ts';
import { RegexError } from './regex-error.ts';
import { buildProgram } from './regex-program.ts';
import { runProgram } from './run-program.ts';

/** What a backtracking engine may try on one text before the linear one is used: some tens of milliseconds. */
const maxBacktrackingSteps = 10_000_000;

/**
 * An unanchored, case-sensitive search with bounded running time. V8's engine, the fastest, where its worst
 * case on a text of that length is small; else a linear one of our own.
 *
 * @throws RegexError when the expression is not supported.
 */
export function compileRegex(source: string, flags: string): (text: string) => boolean {
  const node = parseRegex(source, flags);
  const program = buildProgram(node);
  const { ways, loops, length } = backtrackingCost(node, flags);
  const regex = nativeRegex(source, flags);
  return (text) => {
    const steps = ways * text.length ** loops * (length + 1);
    return steps <= maxBacktrackingSteps ? regex.test(text) : runProgram(program, text, flags);
  };
}

function nativeRegex(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw new RegexError('MATCH_REGEX_INVALID', 0, cause instanceof Error ? cause.message : String(cause));
  }
}
