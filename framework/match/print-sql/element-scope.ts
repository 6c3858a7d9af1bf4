import type { LogField } from '../../model/log-type.ts';
import { parsePath } from '../../model/path.ts';
import { addedFields } from '../evaluate/some-leaf.ts';
import { hasKey } from './json-text.ts';
import { textConstant } from './literal.ts';
import type { JsonPlace, RecordScope } from './reading.ts';

/**
 * The scope of an element of an array, which is an object.
 *
 * @param json - The name of the variable that holds it.
 * @param field - What the log type declares it to be.
 */
export function elementScope(json: string, field: LogField | undefined, outer: RecordScope): RecordScope {
  const mayHaveAdded = `contains(${json}, '"p_') OR contains(${json}, '"udm":')`;
  const withoutAdded = `json_merge_patch(${json}, ${textConstant(JSON.stringify(Object.fromEntries([...addedFields].map((name) => [name, null]))))})`;
  const declared = field?.type === 'object' ? field : undefined;
  const place = (path: JsonPlace['path']): JsonPlace => ({ kind: 'json', json, path, field: declared, isObject: true });
  return {
    fresh: outer.fresh,
    leaves: () => [{ kind: 'tree', json: `CASE WHEN ${mayHaveAdded} THEN ${withoutAdded} ELSE ${json} END` }],
    read: (name) => {
      const path = parsePath(name);
      if (path.length === 1 && path[0] === name) return place(path);
      return { kind: 'either', when: hasKey(json, name), ifSo: place([name]), otherwise: place(path) };
    },
  };
}
