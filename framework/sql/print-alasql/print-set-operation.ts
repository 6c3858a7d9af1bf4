import type { SetOperationNode } from '../ast/ast.ts';
import { commonType } from '../dialect/value-type.ts';
import type { BoundQuery } from '../scope/bound.ts';
import { call } from './print-context.ts';
import { quoteName } from './quote.ts';
import { Unproven } from './unproven.ts';

/** `UNION [ALL]`, `EXCEPT`, `INTERSECT`, of rows that are compared by their keys. */
export function printSetOperation(
  bound: BoundQuery,
  sides: readonly [BoundQuery, BoundQuery],
  inner: (side: BoundQuery) => string,
): string {
  const node = bound.node as SetOperationNode;
  requireSameTypes(sides, node.setop_type);
  if (node.setop_type !== 'UNION') return printFound(bound, sides, inner);
  const rows = sides.map((side) => printSide(side, inner(side))).join(' UNION ALL ');
  return node.setop_all ? rows : printDistinct(bound, rows);
}

/** Rows without repetitions. */
export function printDistinct(bound: BoundQuery, rows: string): string {
  const keyed = `SELECT ${printKey(bound)} AS \`k\` FROM (${rows}) AS \`s\``;
  return printUnpacked(bound, `SELECT \`s\`.\`k\` AS \`k\` FROM (${keyed}) AS \`s\` GROUP BY \`s\`.\`k\``, '');
}

/** Each row once, with how often it is on the left (l) and on the right (r). */
function printFound(
  bound: BoundQuery,
  sides: readonly [BoundQuery, BoundQuery],
  inner: (side: BoundQuery) => string,
): string {
  const keyed = sides.map((side, index) => {
    const counts = index === 0 ? '1 AS `l`, 0 AS `r`' : '0 AS `l`, 1 AS `r`';
    return `SELECT ${printKey(side)} AS \`k\`, ${counts} FROM (${inner(side)}) AS \`s\``;
  });
  const counted = `SELECT \`s\`.\`k\` AS \`k\`, M_SUM_INTEGER(\`s\`.\`l\`) AS \`l\`, M_SUM_INTEGER(\`s\`.\`r\`) AS \`r\` FROM (${keyed.join(' UNION ALL ')}) AS \`s\` GROUP BY \`s\`.\`k\``;
  const isExcept = (bound.node as SetOperationNode).setop_type === 'EXCEPT';
  const onRight = call(isExcept ? 'm_eq' : 'm_gt', '`s`.`r`', '0');
  return printUnpacked(bound, counted, ` WHERE ${call('m_and', call('m_gt', '`s`.`l`', '0'), onRight)}`);
}

/** A side with an ORDER BY or LIMIT of its own keeps it in parentheses, or it would be the union's. */
function printSide(side: BoundQuery, rows: string): string {
  if (side.node.modifiers.length === 0 && side.sides === undefined) return rows;
  const columns = side.outputs.map((_, index) => quoteName(`o${index + 1}`));
  return `SELECT ${columns.map((column) => `\`s\`.${column} AS ${column}`).join(', ')} FROM (${rows}) AS \`s\``;
}

function printKey(bound: BoundQuery): string {
  return call('m_key', ...bound.outputs.map((_, index) => `\`s\`.${quoteName(`o${index + 1}`)}`));
}

function printUnpacked(bound: BoundQuery, keyed: string, where: string): string {
  const columns = bound.outputs.map(
    (_, index) => `${call('m_key_at', '`s`.`k`', String(index))} AS ${quoteName(`o${index + 1}`)}`,
  );
  return `SELECT ${columns.join(', ')} FROM (${keyed}) AS \`s\`${where}`;
}

function requireSameTypes([left, right]: readonly [BoundQuery, BoundQuery], word: string): void {
  const isSame = left.outputs.every((output, index) => {
    const type = commonType(output.type, right.outputs[index]?.type ?? 'OTHER');
    return type !== 'OTHER' && type !== 'INTERVAL';
  });
  if (!isSame || left.outputs.length !== right.outputs.length)
    throw new Unproven(`the sides of ${word} have different types`);
}
