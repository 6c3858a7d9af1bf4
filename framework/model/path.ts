import { MargayError } from './margay-error.ts';

/** A parsed field path: names and zero-based subscripts. */
export type Path = readonly (string | number)[];

const parsed = new Map<string, Path>();

/**
 * Parses `actor.alternateId` or `target[0].displayName`. Subscripts are zero-based. A dot that belongs to
 * a name is written `\.`.
 *
 * @throws MODEL_PATH_INVALID when a name or a subscript is missing or malformed.
 */
export function parsePath(text: string): Path {
  const known = parsed.get(text);
  if (known) return known;
  const path: (string | number)[] = [];
  const token = /(?:^(?!\.)|(?<!^)\.)((?:\\.|[^.[\]\\])+)|\[(\d+)\]/y;
  let end = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    path.push(found[2] === undefined ? (found[1] as string).replaceAll(/\\(.)/g, '$1') : Number(found[2]));
    end = token.lastIndex;
  }
  if (path.length === 0 || end !== text.length || typeof path[0] === 'number') {
    throw new MargayError('MODEL_PATH_INVALID', `'${text}' is not a field path.`, {
      hint: "Write names joined by dots, with zero-based subscripts: 'target[0].displayName'.",
    });
  }
  if (parsed.size < 10_000) parsed.set(text, path);
  return path;
}

/**
 * The value at a path, or `undefined` where it leads nowhere. A flat key that spells the whole path wins
 * over the nested reading; inherited properties are never read.
 */
export function getPath(record: unknown, text: string): unknown {
  if (isRecord(record) && Object.hasOwn(record, text)) return record[text];
  let value: unknown = record;
  for (const step of parsePath(text)) {
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return undefined;
      value = value[step];
    } else {
      if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
      value = value[step];
    }
  }
  return value;
}

/** A copy of the record with the value at a path replaced; missing objects and arrays are made. */
export function setPath<T>(record: T, text: string, value: unknown): T {
  return replaceAt(record, parsePath(text), () => ({ keep: true, value })) as T;
}

/** A copy of the record without the value at a path. Does nothing where the path leads nowhere. */
export function removePath<T>(record: T, text: string): T {
  return getPath(record, text) === undefined
    ? record
    : (replaceAt(record, parsePath(text), () => ({ keep: false })) as T);
}

type Replacement = { readonly keep: true; readonly value: unknown } | { readonly keep: false };

function replaceAt(node: unknown, path: Path, replace: () => Replacement): unknown {
  const [step, ...rest] = path as [string | number, ...(string | number)[]];
  const next = rest.length === 0 ? replace() : undefined;
  if (typeof step === 'number') {
    const copy = Array.isArray(node) ? [...node] : [];
    if (next === undefined) copy[step] = replaceAt(copy[step], rest, replace);
    else if (next.keep) copy[step] = next.value;
    else copy.splice(step, 1);
    return copy;
  }
  const copy: Record<string, unknown> = isRecord(node) ? { ...node } : {};
  if (next === undefined) copy[step] = replaceAt(copy[step], rest, replace);
  else if (next.keep) copy[step] = next.value;
  else delete copy[step];
  return copy;
}

/** Whether a value is a plain object (not null, not an array). */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
