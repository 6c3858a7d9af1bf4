import type { Column, SqlType } from '../../model/table.ts';
import type { BoundQuery, Output } from '../scope/bound.ts';
import type { Place, Report } from '../sql-problem.ts';

/** The result columns of a query, with the problems that rows would have with them. */
export function resultColumns(
  bound: BoundQuery,
  types: readonly { readonly type: SqlType | undefined; readonly written: string }[],
  report: Report,
): readonly Column[] {
  const seen = new Set<string>();
  return bound.outputs.flatMap((output, index): readonly Column[] => {
    const { type, written } = types[index] ?? { type: undefined, written: 'unknown' };
    const place = placeOf(output, bound);
    if (output.name === undefined) {
      report.add(
        'SQL_RESULT_COLUMN_UNNAMED',
        place,
        `Result column ${index + 1} has no name.`,
        'Write AS and a name after it.',
      );
      return [];
    }
    const lower = output.name.toLowerCase();
    if (seen.has(lower)) {
      report.add(
        'SQL_RESULT_COLUMN_DUPLICATE',
        place,
        `Two result columns are named '${output.name}'.`,
        'Write AS and another name.',
      );
    }
    seen.add(lower);
    if (type === undefined) {
      report.add(
        'SQL_RESULT_TYPE_UNSUPPORTED',
        place,
        `'${output.name}' is of type ${written}, which rows can't hold.`,
        castHint(written),
      );
      return [];
    }
    return [
      {
        name: output.name,
        type,
        nullable: output.nullable,
        ...(type === 'STRUCT' ? { fields: output.fields ?? [] } : {}),
      },
    ];
  });
}

function castHint(written: string): string {
  if (written === 'INTERVAL') return "Write date_diff('second', earlier, later) for a number.";
  return 'Cast it to VARCHAR, BIGINT, DOUBLE, BOOLEAN or TIMESTAMP.';
}

function placeOf(output: Output, bound: BoundQuery): Place {
  if (output.expression !== undefined) return output.expression;
  if (bound.node.type !== 'SELECT_NODE') return undefined;
  return bound.node.select_list.find((expression) => expression.class === 'STAR');
}
