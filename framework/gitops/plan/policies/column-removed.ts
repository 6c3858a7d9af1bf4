import type { PlanItem } from '../../../model/plan.ts';
import type { Column } from '../../../model/table.ts';
import type { Policy, PolicyMatch } from './policy.ts';

/** Columns that others read: those of a query's result, and those of a detection's context. */
export const columnRemoved: Policy = {
  code: 'PLAN_COLUMN_REMOVED',
  severity: 'warning',
  breaking: true,
  check: ({ queries, detections }) => [
    ...queries.flatMap(({ item, before, after }) => compare(item, typesOf(before.columns), typesOf(after.columns))),
    ...detections.flatMap(({ item, before, after }) =>
      compare(item, contextTypes(before.context), contextTypes(after.context)),
    ),
  ],
};

type Types = ReadonlyMap<string, string>;

function typesOf(columns: readonly Column[]): Types {
  return new Map(columns.map(({ name, type }) => [name, type]));
}

function contextTypes(context: Readonly<Record<string, { readonly type: string }>>): Types {
  return new Map(Object.entries(context).map(([name, { type }]) => [name, type]));
}

function compare(item: PlanItem, before: Types, after: Types): readonly PolicyMatch[] {
  return [...before].flatMap(([name, type]) => {
    const now = after.get(name);
    if (now === type) return [];
    const fate = now === undefined ? 'is removed' : `was ${type} and becomes ${now}`;
    return [
      {
        item,
        message: `The column '${name}' of '${item.id}' ${fate}.`,
        hint: 'The compiler checks what reads it here; saved queries and receivers of alerts it cannot see.',
      },
    ];
  });
}
