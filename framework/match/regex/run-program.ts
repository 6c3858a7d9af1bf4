import type { Assertion, CharSet } from './regex-node.ts';
import type { Instruction } from './regex-program.ts';

/**
 * Whether a program finds itself anywhere in the text. All states advance together, so that the work is at
 * most the length of the text times that of the program, whatever the expression.
 *
 * @source Ken Thompson, "Regular Expression Search Algorithm", 1968.
 */
export function runProgram(program: readonly Instruction[], text: string, flags: string): boolean {
  const ignoreCase = flags.includes('i');
  const multiline = flags.includes('m');
  const seenAt = new Int32Array(program.length).fill(-1);
  let current: number[] = [];
  for (let at = 0; at <= text.length; at++) {
    const here = [...current, program.length - 1];
    current = [];
    const unit = at < text.length ? text.charCodeAt(at) : -1;
    for (let id = here.pop(); id !== undefined; id = here.pop()) {
      if (seenAt[id] === at) continue;
      seenAt[id] = at;
      const step = program[id] as Instruction;
      if (step.do === 'match') return true;
      if (step.do === 'split') here.push(step.other, step.next);
      else if (step.do === 'assert') {
        if (holds(step.what, text, at, multiline)) here.push(step.next);
      } else if (unit >= 0 && contains(step.set, unit, ignoreCase)) current.push(step.next);
    }
  }
  return false;
}

function contains(set: CharSet, unit: number, ignoreCase: boolean): boolean {
  return (
    (inRanges(set, unit) || (ignoreCase && otherCases(unit).some((other) => inRanges(set, other)))) !== set.negated
  );
}

function inRanges(set: CharSet, unit: number): boolean {
  for (const [low, high] of set.ranges) if (unit >= low && unit <= high) return true;
  return false;
}

/** The other cases of a code unit, as JavaScript's `i` flag sees them: none that would leave or enter ASCII. */
function otherCases(unit: number): readonly number[] {
  const char = String.fromCharCode(unit);
  return [char.toLowerCase(), char.toUpperCase()]
    .filter((other) => other.length === 1 && other.charCodeAt(0) < 128 === unit < 128)
    .map((other) => other.charCodeAt(0));
}

function holds(what: Assertion, text: string, at: number, multiline: boolean): boolean {
  switch (what) {
    case 'start':
      return at === 0 || (multiline && isLineEnd(text, at - 1));
    case 'end':
      return at === text.length || (multiline && isLineEnd(text, at));
    case 'boundary':
      return isWord(text, at - 1) !== isWord(text, at);
    case 'no-boundary':
      return isWord(text, at - 1) === isWord(text, at);
  }
}

function isLineEnd(text: string, at: number): boolean {
  return /[\n\r\u2028\u2029]/.test(text[at] ?? '');
}

function isWord(text: string, at: number): boolean {
  return /\w/.test(text[at] ?? '');
}
