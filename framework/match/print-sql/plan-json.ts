import type { LogField } from '../../model/log-type.ts';
import type { Path } from '../../model/path.ts';
import { mentionsKey } from './json-text.ts';
import type { JsonPlace } from './reading.ts';

/** One step of reading a list of JSON values. */
export type JsonStep =
  /** From each value to what stands at a path in it. */
  | { readonly kind: 'get'; readonly path: Path }
  /** From each array to its elements: `one` level, which the log type declares, or `all`, should there be any. */
  | { readonly kind: 'spread'; readonly levels: 'one' | 'all' };

/** How to get from a JSON value to the values at a path. */
export interface JsonPlan {
  readonly steps: readonly JsonStep[];
  /** What the log type declares the values to be, elements where they are an array's. `undefined`: nothing. */
  readonly end: LogField | undefined;
  /** The path that reads the value where no array is on the way and none at the end. */
  readonly path: Path;
  /**
   * Whether an array may be on the way or at the end: `never` and `always` by declaration; else an expression
   * that is true for all records where there is one, and for few others.
   */
  readonly arrays: 'never' | 'always' | string;
  /** The path leads out of what is declared, and nothing can be there. */
  readonly isNowhere: boolean;
}

/**
 * @param resolveEnd - Whether an array at the end stands for its elements.
 */
export function planJson(place: JsonPlace, resolveEnd: boolean): JsonPlan {
  const steps: JsonStep[] = [];
  const guards: string[] = [];
  let get: (string | number)[] = [];
  let field = place.field;
  let isDeclaredList = false;
  let isNowhere = false;
  let isObject = place.isObject;
  const spread = (levels: 'one' | 'all'): void => {
    if (get.length > 0) steps.push({ kind: 'get', path: get });
    steps.push({ kind: 'spread', levels });
    get = [];
  };
  const resolveArray = (): void => {
    if (field?.type === 'array' && isPlain(field.items)) {
      spread('one');
      isDeclaredList = true;
      field = field.items;
    } else if (!isObject && isFree(field)) {
      spread('all');
      guards.push(arrayAt(place, steps));
      if (field?.type === 'array') isDeclaredList = true;
      field = undefined;
    }
  };
  for (const step of place.path) {
    if (typeof step === 'string') {
      resolveArray();
      if (field !== undefined && field.type !== 'object' && field.type !== 'json') isNowhere = true;
      field =
        field?.type === 'object' && field.fields && Object.hasOwn(field.fields, step) ? field.fields[step] : undefined;
    } else {
      if (field !== undefined && field.type !== 'array' && field.type !== 'json') isNowhere = true;
      field = field?.type === 'array' ? field.items : undefined;
    }
    get.push(step);
    isObject = false;
  }
  if (resolveEnd) resolveArray();
  if (get.length > 0) steps.push({ kind: 'get', path: get });
  const arrays = isDeclaredList ? 'always' : guards.length === 0 ? 'never' : [...new Set(guards)].join(' OR ');
  return { steps, end: field, path: place.path, arrays, isNowhere };
}

/** Declared well enough to know that a list has no lists in it. */
function isPlain(items: LogField | undefined): boolean {
  return items !== undefined && items.type !== 'array' && items.type !== 'json';
}

/** Anything may stand there. */
function isFree(field: LogField | undefined): boolean {
  return field === undefined || field.type === 'json' || field.type === 'array';
}

/** Whether what the steps so far lead to may be an array, by the text of the whole. */
function arrayAt(place: JsonPlace, steps: readonly JsonStep[]): string {
  const path = steps.flatMap((step) => (step.kind === 'get' ? step.path : []));
  const last = path.at(-1);
  if (last === undefined) return `starts_with(${place.json}, '[')`;
  return typeof last === 'string' ? mentionsKey(place.json, last, '[') : `contains(${place.json}, '[')`;
}
