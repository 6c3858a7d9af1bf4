import { Unproven } from '../../print-alasql/unproven.ts';
import { type PortableRegex, portableRegex } from './portable-regex.ts';

type Text = string | null | undefined;

function matches(text: Text, pattern: Text): boolean | null {
  if (text == null || pattern == null) return null;
  return text.search(portableRegex(pattern).regex) >= 0;
}

function extract(text: Text, pattern: Text, group: number | null | undefined = 0): Text {
  if (text == null || pattern == null || group == null) return null;
  const portable = withPlainGroups(portableRegex(pattern));
  if (group < 0 || group > portable.groups) throw new Unproven(`it extracts a group that '${pattern}' lacks`);
  portable.regex.lastIndex = 0;
  return portable.regex.exec(text)?.[group] ?? '';
}

function replace(text: Text, pattern: Text, by: Text, options: Text = ''): Text {
  if (text == null || pattern == null || by == null || options === null) return null;
  if (options !== '' && options !== 'g') throw new Unproven(`it replaces with the option '${options}'`);
  const portable = withPlainGroups(portableRegex(pattern));
  let isDone = false;
  return text.replace(portable.regex, (found: string, ...rest: readonly unknown[]) => {
    if (found === '') throw new Unproven('it replaces what is empty');
    if (isDone && options === '') return found;
    isDone = true;
    return insert(by, [found, ...rest.slice(0, portable.groups)]);
  });
}

/** `\1` is what the first group found, `\\` a backslash. */
function insert(by: string, found: readonly unknown[]): string {
  return by.replace(/\\(.?)/gsu, (_, digit: string) => {
    if (digit === '\\') return '\\';
    if (!/^\d$/.test(digit) || Number(digit) >= found.length) throw new Unproven(`it replaces by '${by}'`);
    return (found[Number(digit)] as string | undefined) ?? '';
  });
}

function withPlainGroups(portable: PortableRegex): PortableRegex {
  if (portable.repeatsGroups) throw new Unproven('it captures by a group that is repeated');
  return portable;
}

/** Regular expressions. */
export const regex = {
  m_regexp_matches: matches,
  m_regexp_extract: extract,
  m_regexp_replace: replace,
};
