import type { LogField, LogType } from '../../../model/log-type.ts';
import type { Policy } from './policy.ts';

/** Columns of stored events only widen. */
export const fieldRetyped: Policy = {
  code: 'PLAN_FIELD_RETYPED',
  severity: 'error',
  breaking: true,
  check: ({ logTypes }) =>
    logTypes.flatMap(({ item, before, after }) => {
      const now = fieldTypes(after);
      return [...fieldTypes(before)].flatMap(([path, type]) => {
        const fresh = now.get(path);
        if (fresh === type) return [];
        const fate = fresh === undefined ? 'is removed' : `was ${type} and becomes ${fresh}`;
        return [
          {
            item,
            message: `The field '${path}' of '${item.id}' ${fate}.`,
            hint: 'Add a field with another name, or derive stored events again: `margay lake rebuild`.',
          },
        ];
      });
    }),
};

function fieldTypes({ fields }: LogType): ReadonlyMap<string, string> {
  return new Map(Object.entries(fields).flatMap(([name, field]) => typesBelow(name, field)));
}

function typesBelow(path: string, field: LogField): readonly (readonly [string, string])[] {
  const below = Object.entries(field.fields ?? {}).flatMap(([name, inner]) => typesBelow(`${path}.${name}`, inner));
  const items = field.items ? typesBelow(`${path}[]`, field.items) : [];
  return [[path, field.type], ...below, ...items];
}
