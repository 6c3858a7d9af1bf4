import type { z } from 'zod';
import { isRecord } from '../../model/path.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';

/** A part that is taken out can leave what holds it incomplete, so it takes some rounds. */
const maxRounds = 8;

/**
 * What a schema makes of a value whose flawed parts have been taken out. `undefined` when too little is left.
 *
 * @param copy - Is changed.
 */
export function salvage<T>(
  schema: z.ZodType<T>,
  copy: unknown,
  flaws: readonly z.core.$ZodIssue[],
  standIns: Readonly<Record<string, unknown>>,
): T | undefined {
  let issues = flaws;
  for (let round = 0; round < maxRounds; round++) {
    const removed: YamlPath[] = [];
    for (const issue of issues) {
      if (removed.some((path) => path.every((step, index) => step === issue.path[index]))) continue;
      const path = removeFlaw(copy, issue, standIns);
      if (!path) return undefined;
      if (issue.code !== 'unrecognized_keys') removed.push(path);
    }
    const result = schema.safeParse(copy);
    if (result.success) return result.data;
    issues = result.error.issues;
  }
  return undefined;
}

/**
 * Takes out unknown keys, a wrong value with its key, a list with a wrong element, or what lacks a required
 * key; at the top a stand-in takes its place.
 *
 * @returns the path of what was taken out; `undefined` when that is the whole value.
 */
function removeFlaw(
  copy: unknown,
  issue: z.core.$ZodIssue,
  standIns: Readonly<Record<string, unknown>>,
): YamlPath | undefined {
  let path = issue.path as YamlPath;
  if (issue.code === 'unrecognized_keys') {
    const holder = valueAt(copy, path) as Record<string, unknown>;
    for (const key of issue.keys) delete holder[key];
    return path;
  }
  for (; path.length > 0; path = path.slice(0, -1)) {
    const holder = valueAt(copy, path.slice(0, -1));
    const key = String(path.at(-1));
    if (!isRecord(holder)) continue;
    if (path.length === 1 && Object.hasOwn(standIns, key)) {
      (holder as Record<string, unknown>)[key] = standIns[key];
      return path;
    }
    if (Object.hasOwn(holder, key)) {
      delete (holder as Record<string, unknown>)[key];
      return path;
    }
  }
  return undefined;
}

/** The value at a path, `undefined` where it leads nowhere. */
export function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((node, step) => {
    if (Array.isArray(node)) return node[step as number];
    return isRecord(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  }, value);
}
