import type { Condition } from '../../model/condition.ts';
import type { Place } from '../path-problem.ts';
import { ConditionError, type ConditionReader, readCondition } from './condition-reader.ts';
import { linkConditions } from './link-conditions.ts';
import type { Selections } from './selections.ts';

const maxDepth = 100;

interface Context {
  readonly reader: ConditionReader;
  readonly selections: Selections;
  readonly place: Place;
}

/** A part of a condition; `undefined` when it refers to something that has an error. */
type Part = Condition | undefined;

/**
 * A condition over selections: `not` binds before `and`, `and` before `or`; brackets; `1 of`, `any of`,
 * `all of` a pattern of names or `them`. `undefined` when an error was reported.
 *
 * @source Sigma specification 2.1.0, "Condition".
 */
export function parseCondition(text: string, selections: Selections, place: Place): Part {
  const reader = readCondition(text, place);
  try {
    const condition = parseOr({ reader, selections, place }, 0);
    const rest = reader.peek();
    if (rest.kind !== 'end') {
      const hint = rest.kind === ')' ? 'No bracket is open here.' : "Join selections by 'and' or 'or'.";
      reader.fail(rest, "'and', 'or' or the end", hint);
    }
    return condition;
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    return undefined;
  }
}

function parseOr(context: Context, depth: number): Part {
  if (depth > maxDepth) {
    context.place.report('MATCH_TOO_DEEP', `The condition is nested more than ${maxDepth} deep.`, {
      hint: 'Name parts of it as selections.',
      offset: context.reader.peek().offset,
    });
    throw new ConditionError();
  }
  const branches = [parseAnd(context, depth)];
  while (context.reader.takeWord('or')) branches.push(parseAnd(context, depth));
  return join(branches, 'or');
}

function parseAnd(context: Context, depth: number): Part {
  const parts = [parseNot(context, depth)];
  while (context.reader.takeWord('and')) parts.push(parseNot(context, depth));
  return join(parts, 'and');
}

function parseNot(context: Context, depth: number): Part {
  let isNegated = false;
  while (context.reader.takeWord('not')) isNegated = !isNegated;
  const of = parsePrimary(context, depth);
  return of && isNegated ? { kind: 'not', of } : of;
}

function parsePrimary(context: Context, depth: number): Part {
  const { reader, selections, place } = context;
  const isOperator = ['and', 'or', 'of', 'them'].some((word) => reader.isWord(word));
  const token = reader.next();
  if (token.kind === '(') {
    const inner = parseOr(context, depth + 1);
    if (reader.peek().kind !== ')') {
      reader.fail(reader.peek(), "'and', 'or' or ')'", `The bracket at offset ${token.offset} is not closed.`);
    }
    reader.next();
    return inner;
  }
  if (token.kind !== 'word' || isOperator) {
    reader.fail(token, "a selection, 'not', '(' or '1 of'", `Selections: ${selections.names().join(', ')}.`);
  }
  if (!reader.isWord('of')) return selections.resolve(token, place);
  const count = token.text.toLowerCase();
  if (count !== '1' && count !== 'any' && count !== 'all') {
    reader.fail(
      token,
      "'1 of', 'any of' or 'all of'",
      'Other numbers are written out: selections joined by `and` and `or`.',
    );
  }
  reader.takeWord('of');
  const pattern = reader.peek();
  if (pattern.kind !== 'word')
    reader.fail(pattern, "a pattern of names or 'them'", "Write '1 of selection_*' or '1 of them'.");
  if (!reader.takeWord('them')) reader.next();
  return selections.select(pattern, count === 'all' ? 'and' : 'or', place);
}

function join(parts: readonly Part[], kind: 'and' | 'or'): Part {
  return parts.includes(undefined) ? undefined : linkConditions(parts as readonly Condition[], kind);
}
