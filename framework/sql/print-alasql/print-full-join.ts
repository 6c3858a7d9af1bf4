import type { Source } from '../scope/bound.ts';
import { columnOf } from '../scope/look-up.ts';
import { call } from './print-context.ts';
import type { PrintedFrom } from './printed-from.ts';
import { quoteName } from './quote.ts';
import { Unproven } from './unproven.ts';

/** One side of a FULL JOIN, printed. */
export interface JoinSide {
  readonly source: Source;
  /** The text of its rows, without a name. */
  readonly rows: string;
  /** How it is named, and how its columns are. */
  readonly name: string;
  readonly columnName: (column: string) => string;
}

/**
 * `a FULL JOIN b ON …` as two joins that alasql gets right: the rows of a with those of b or NULLs, and the rows
 * of b that no row of a goes with.
 */
export function printFullJoin(sides: readonly [JoinSide, JoinSide], condition: string): PrintedFrom {
  const [left, right] = sides;
  const select = (side: JoinSide, isNull: boolean) =>
    side.source.columns.map((column) => {
      const value = isNull ? 'NULL' : `${side.name}.${side.columnName(column.name)}`;
      return `${value} AS ${joinedName(sides, side.source, column.name)}`;
    });
  const named = ({ rows, name }: JoinSide) => `${rows} AS ${name}`;
  const withLeft = `SELECT ${[...select(left, false), ...select(right, false)].join(', ')} FROM ${named(left)} LEFT JOIN ${named(right)} ON ${condition}`;
  const marked = left.source.columns.map(({ name }) => `\`m\`.${left.columnName(name)} AS ${left.columnName(name)}`);
  const found = `(SELECT 1 AS \`m_there\`, ${marked.join(', ')} FROM ${left.rows} AS \`m\`)`;
  const onlyRight = `SELECT ${[...select(left, true), ...select(right, false)].join(', ')} FROM ${named(right)} LEFT JOIN ${found} AS ${left.name} ON ${condition} WHERE ${call('m_is_null', `${left.name}.\`m_there\``)}`;
  return {
    text: ` FROM (${withLeft} UNION ALL ${onlyRight}) AS \`t0\``,
    column: (source, name) => `\`t0\`.${joinedName(sides, source, name)}`,
  };
}

function joinedName(sides: readonly JoinSide[], source: Source, name: string): string {
  const side = sides.findIndex((one) => one.source.name.toLowerCase() === source.name.toLowerCase());
  const known = sides[side]?.source;
  const column = known === undefined ? undefined : columnOf(known, name);
  if (known === undefined || column === undefined) throw new Unproven(`'${source.name}.${name}' is out of reach`);
  return quoteName(`x${side + 1}_${known.columns.indexOf(column) + 1}`);
}
