import { compileRegex } from '../regex/compile-regex.ts';
import { RegexError } from '../regex/regex-error.ts';
import { type DraftValue, type Modifier, mapValues, refuseType } from './modifier.ts';

const maxLength = 4_096;

const flagNames = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' } as const;

/**
 * `re`: an unanchored regular expression, with case, read as written (no Sigma wildcards or escapes), and
 * `i`, `m`, `s` behind it. Flags that the expression starts with, as in `(?i)`, are the same.
 */
export const regularExpression: readonly Modifier[] = [
  {
    name: 're',
    follows: [],
    apply: (draft) =>
      mapValues(draft, (value) =>
        value.kind === 'text' ? readRegex(value) : refuseType(value, 're', 'a text', 'Put it in quotes.'),
      ),
  },
  ...Object.entries(flagNames).map(
    ([name, flag]): Modifier => ({
      name,
      follows: ['re', ...Object.keys(flagNames)],
      apply: (draft) =>
        mapValues(draft, (value) =>
          value.kind === 'test' && value.test.op === 're'
            ? { ...value, test: { ...value.test, flags: addFlags(value.test.flags, flag) } }
            : value,
        ),
    }),
  ),
];

function readRegex(value: Extract<DraftValue, { kind: 'text' }>): DraftValue | undefined {
  const { text, place } = value;
  if (text.length > maxLength) {
    place.report(
      'MATCH_REGEX_TOO_LARGE',
      `The expression has ${text.length} characters; at most ${maxLength} are allowed.`,
      {
        hint: 'Split it, or list the values.',
      },
    );
    return undefined;
  }
  const inline = /^\(\?([ims]+)\)/.exec(text);
  const source = inline ? text.slice(inline[0].length) : text;
  const flags = addFlags('', inline?.[1] ?? '');
  try {
    compileRegex(source, flags);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    place.report(error.code, error.message, { hint: error.hint, offset: error.offset + text.length - source.length });
    return undefined;
  }
  return { kind: 'test', place, test: { op: 're', source, flags } };
}

function addFlags(flags: string, more: string): string {
  return [...new Set(flags + more)].sort().join('');
}
