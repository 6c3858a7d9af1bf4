import type { Place } from '../path-problem.ts';
import { type Token, tokeniseCondition } from './tokenise-condition.ts';

/** Stops the reading of a condition; what is wrong has been reported. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

/** The tokens of a condition, read from left to right. */
export interface ConditionReader {
  peek(): Token;
  next(): Token;
  /** Whether the next token is this word, in any case. */
  isWord(word: string): boolean;
  /** Passes the word if it comes next; upper case is reported. */
  takeWord(word: string): boolean;
  /** Reports the token as not what was expected, and stops. */
  fail(token: Token, expected: string, hint: string): never;
}

/** A reader at the start of a condition. */
export function readCondition(text: string, place: Place): ConditionReader {
  const tokens = tokeniseCondition(text);
  let index = 0;
  const peek = (): Token => tokens[index] as Token;
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text.toLowerCase() === word;
  return {
    peek,
    next: () => tokens[index++] as Token,
    isWord,
    takeWord(word) {
      if (!isWord(word)) return false;
      const token = tokens[index++] as Token;
      if (token.text !== word) reportUpperCase(token, word, place);
      return true;
    },
    fail(token, expected, hint) {
      if (token.kind === '|') reportAggregation(text, token, place);
      else {
        const found = token.kind === 'end' ? 'the condition ends' : `found '${token.text}'`;
        place.report('MATCH_CONDITION_SYNTAX', `Expected ${expected}; ${found}.`, { hint, offset: token.offset });
      }
      throw new ConditionError();
    },
  };
}

function reportUpperCase(token: Token, word: string, place: Place): void {
  place.report(
    'MATCH_CONDITION_UPPER_CASE',
    `Sigma writes '${word}' in lower case; other engines refuse '${token.text}'.`,
    {
      hint: `Write '${word}'.`,
      offset: token.offset,
      severity: 'finding',
    },
  );
}

function reportAggregation(text: string, token: Token, place: Place): void {
  place.report(
    'MATCH_AGGREGATION_UNSUPPORTED',
    `Sigma has deprecated the aggregation '${text.slice(token.offset).trim()}'.`,
    {
      hint: 'Count with `threshold` and `dedup.by`, distinct values with `unique`, or write a scheduled query.',
      offset: token.offset,
    },
  );
}
