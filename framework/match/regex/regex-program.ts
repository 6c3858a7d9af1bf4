import { RegexError } from './regex-error.ts';
import type { Assertion, CharSet, RegexNode } from './regex-node.ts';

/** One instruction of a program; the numbers are instructions to go on with. */
export type Instruction =
  | { readonly do: 'read'; readonly set: CharSet; readonly next: number }
  | { readonly do: 'split'; readonly next: number; readonly other: number }
  | { readonly do: 'assert'; readonly what: Assertion; readonly next: number }
  | { readonly do: 'match' };

/** More than any published rule needs, and few enough that each character costs little. */
export const maxInstructions = 2_000;

/**
 * The expression as instructions for {@link runProgram}, entered at the last one.
 *
 * @throws RegexError MATCH_REGEX_TOO_LARGE when counted repeats make it longer than {@link maxInstructions}.
 */
export function buildProgram(node: RegexNode): readonly Instruction[] {
  const program: Instruction[] = [{ do: 'match' }];
  const start = append(program, node, 0);
  if (start !== program.length - 1) push(program, { do: 'split', next: start, other: start });
  return program;
}

/** Appends a node that goes on at `next`; gives where it starts. Built back to front, so that `next` is known. */
function append(program: Instruction[], node: RegexNode, next: number): number {
  switch (node.kind) {
    case 'set':
      return push(program, { do: 'read', set: node.set, next });
    case 'assert':
      return push(program, { do: 'assert', what: node.what, next });
    case 'sequence':
      return node.of.reduceRight((after, part) => append(program, part, after), next);
    case 'choice': {
      const starts = node.of.map((branch) => append(program, branch, next));
      return starts.reduceRight((other, start) => push(program, { do: 'split', next: start, other }));
    }
    case 'repeat':
      return appendRepeat(program, node, next);
  }
}

function appendRepeat(program: Instruction[], node: Extract<RegexNode, { kind: 'repeat' }>, next: number): number {
  let start = next;
  if (node.max === Number.POSITIVE_INFINITY) {
    // Reserved, because the loop and its body lead to each other.
    const loop = push(program, { do: 'match' });
    const body = append(program, node.of, loop);
    program[loop] = { do: 'split', next: body, other: next };
    start = loop;
  } else {
    for (let i = node.min; i < node.max; i++) {
      start = push(program, { do: 'split', next: append(program, node.of, start), other: next });
    }
  }
  for (let i = 0; i < node.min; i++) start = append(program, node.of, start);
  return start;
}

function push(program: Instruction[], instruction: Instruction): number {
  if (program.length >= maxInstructions) {
    throw new RegexError(
      'MATCH_REGEX_TOO_LARGE',
      0,
      `The expression has more than ${maxInstructions} steps when its counted repeats are written out.`,
      'Use smaller counts.',
    );
  }
  return program.push(instruction) - 1;
}
