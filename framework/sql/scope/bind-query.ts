import type { Table } from '../../model/table.ts';
import { isQuery, type QueryNode, type SelectNode, type SetOperationNode } from '../ast/ast.ts';
import { commonType } from '../dialect/value-type.ts';
import type { Report } from '../sql-problem.ts';
import { bindFrom } from './bind-from.ts';
import { bindSelect } from './bind-select.ts';
import type { Binder, Surroundings } from './binder.ts';
import type { Bindings, BoundQuery, Output } from './bound.ts';

/** Resolves every name of a query and of the queries inside it, reporting all that are unknown. */
export function bindNames(
  node: QueryNode,
  tables: readonly Table[],
  report: Report,
  explain: Binder['explain'] = () => undefined,
): Bindings & { readonly root: BoundQuery } {
  const binder: Binder = {
    tables,
    report,
    explain,
    query: (inner, around) => bindQuery(inner, around, binder),
    columns: new Map(),
    sources: new Map(),
    queries: new Map(),
  };
  const root = bindQuery(node, { ctes: new Map() }, binder);
  return { root, columns: binder.columns, sources: binder.sources, queries: binder.queries };
}

function bindQuery(node: QueryNode, around: Surroundings, binder: Binder): BoundQuery {
  const ctes = bindCtes(node, around, binder);
  const inner: Surroundings = { ...around, ctes };
  const bound =
    node.type === 'SET_OPERATION_NODE' ? bindSetOperation(node, inner, binder) : bindSelectNode(node, inner, binder);
  binder.queries.set(node, bound);
  return bound;
}

function bindCtes(node: QueryNode, around: Surroundings, binder: Binder): ReadonlyMap<string, BoundQuery> {
  const ctes = new Map(around.ctes);
  for (const { key, value } of node.cte_map?.map ?? []) {
    // A kind of query that the gate has refused (WITH RECURSIVE) has nothing to resolve.
    if (!isQuery(value.query.node)) continue;
    const bound = bindQuery(value.query.node, { ...around, ctes: new Map(ctes) }, binder);
    const outputs = bound.outputs.map((output, index) => ({ ...output, name: value.aliases[index] ?? output.name }));
    ctes.set(key.toLowerCase(), { ...bound, outputs });
  }
  return ctes;
}

function bindSelectNode(node: SelectNode, around: Surroundings, binder: Binder): BoundQuery {
  const scope = bindFrom(node.from_table, around, binder);
  return { node, scope, outputs: bindSelect(node, scope, around, binder) };
}

function bindSetOperation(node: SetOperationNode, around: Surroundings, binder: Binder): BoundQuery {
  const left = bindQuery(node.left, around, binder);
  const right = bindQuery(node.right, around, binder);
  const outputs = left.outputs.map((output, index): Output => {
    const other = right.outputs[index];
    if (other === undefined) return output;
    return {
      name: output.name,
      type: commonType(output.type, other.type),
      nullable: output.nullable || other.nullable,
      fields: output.fields,
    };
  });
  bindOrder(node, outputs, binder);
  return { node, outputs, sides: [left, right] };
}

/** A set operation is ordered by its result columns and nothing else. */
function bindOrder(node: SetOperationNode, outputs: readonly Output[], binder: Binder): void {
  const names = outputs.flatMap((output) => output.name ?? []);
  for (const modifier of node.modifiers) {
    if (modifier.type !== 'ORDER_MODIFIER') continue;
    for (const { expression } of modifier.orders) {
      const name = expression.class === 'COLUMN_REF' ? expression.column_names.join('.') : undefined;
      if (name !== undefined && names.some((one) => one.toLowerCase() === name.toLowerCase())) continue;
      const hint = `Write ${names.join(' or ')}.`;
      binder.report.add(
        'SQL_COLUMN_UNKNOWN',
        expression,
        'ORDER BY after UNION names a result column, and this is none.',
        hint,
      );
    }
  }
}
