import { isLevel, type Level, levels } from '../../../model/level.ts';
import { isRecord } from '../../../model/path.ts';

/** What a function may return: how to tell, and how to say so. */
export interface ReturnType<T> {
  readonly expected: string;
  accepts(value: unknown): value is T;
}

/** `rule` */
export const booleanType: ReturnType<boolean> = {
  expected: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
};

/** `title`, `dedup`, `description`, `runbook`, `unique` */
export const textType: ReturnType<string> = {
  expected: 'a text that is not empty, or undefined',
  accepts: (value): value is string => typeof value === 'string' && value !== '',
};

/** `level` */
export const levelType: ReturnType<Level> = {
  expected: `one of ${levels.join(', ')}, or undefined`,
  accepts: isLevel,
};

/** `references`, `destinations` */
export const textListType: ReturnType<readonly string[]> = {
  expected: 'an array of texts, or undefined',
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

/** `context` */
export const recordType: ReturnType<Readonly<Record<string, unknown>>> = {
  expected: 'an object, or undefined',
  accepts: isRecord,
};

/** A value, short enough for a message. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'undefined';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
