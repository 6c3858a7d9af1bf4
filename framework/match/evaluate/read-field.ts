import { isRecord, type Path, parsePath } from '../../model/path.ts';

type Read = (record: Readonly<Record<string, unknown>>) => boolean;

/**
 * A test of the values at a field path. An array on the way, or at the end, stands for its elements: one that
 * passes is enough. A flat key that spells the whole path wins. A path that leads nowhere gives `undefined`;
 * an empty array at the end gives nothing.
 */
export function readValues(field: string, test: (value: unknown) => boolean): Read {
  return read(field, (value) => testEach(value, test));
}

/** A test of what stands at a field path itself: an array there is one value. */
export function readWhole(field: string, test: (value: unknown) => boolean): Read {
  return read(field, test);
}

/** The values at a field path, arrays resolved to their elements, without those that are missing. */
export function listValues(field: string): (record: Readonly<Record<string, unknown>>) => readonly unknown[] {
  const found: unknown[] = [];
  const collect = readValues(field, (value) => {
    if (value !== undefined) found.push(value);
    return false;
  });
  return (record) => {
    collect(record);
    return found.splice(0);
  };
}

function read(field: string, test: (value: unknown) => boolean): Read {
  const path = parsePath(field);
  const [name] = path;
  if (path.length === 1 && name === field) {
    return (record) => test(Object.hasOwn(record, field) ? record[field] : undefined);
  }
  return (record) => (Object.hasOwn(record, field) ? test(record[field]) : follow(record, path, 0, test));
}

function follow(value: unknown, path: Path, depth: number, test: (value: unknown) => boolean): boolean {
  if (depth === path.length) return test(value);
  const step = path[depth] as string | number;
  if (typeof step === 'number') {
    return Array.isArray(value) && step < value.length ? follow(value[step], path, depth + 1, test) : test(undefined);
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return test(undefined);
    for (const element of value) if (follow(element, path, depth, test)) return true;
    return false;
  }
  return isRecord(value) && Object.hasOwn(value, step) ? follow(value[step], path, depth + 1, test) : test(undefined);
}

function testEach(value: unknown, test: (value: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return test(value);
  for (const element of value) if (testEach(element, test)) return true;
  return false;
}
