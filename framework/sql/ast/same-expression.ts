import { canonicalJson } from '../../model/canonical-json.ts';
import { mapNodes } from './walk.ts';

/** Text that is equal for ASTs that differ in nothing but where they stand. Names in their own case. */
export function logicText(node: unknown): string {
  return canonicalJson(mapNodes(node, ({ query_location: _, ...rest }) => rest));
}

/**
 * Whether two expressions are written alike, apart from place, alias and the case of names. A qualified and
 * an unqualified name differ: compare bound columns where that matters.
 */
export function sameExpression(left: unknown, right: unknown): boolean {
  return shapeText(left) === shapeText(right);
}

function shapeText(node: unknown): string {
  const plain = mapNodes(node, ({ query_location: _, alias: __, ...rest }) =>
    Array.isArray(rest.column_names)
      ? { ...rest, column_names: rest.column_names.map((name) => String(name).toLowerCase()) }
      : rest,
  );
  return canonicalJson(plain);
}
