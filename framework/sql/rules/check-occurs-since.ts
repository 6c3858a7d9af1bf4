import { parseDuration } from '../../model/duration.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { FunctionCall } from '../ast/ast.ts';
import type { Bindings, Scope } from '../scope/bound.ts';
import { inferType } from '../scope/infer-type.ts';
import { columnOf } from '../scope/look-up.ts';
import type { Report } from '../sql-problem.ts';
import { type BoundSelect, expressionsOf, selectsOf, textOf } from './checked-query.ts';

/**
 * Reports calls of `p_occurs_since` whose window or whose time column can't be told.
 *
 * @returns the windows that can be told, in milliseconds.
 */
export function checkOccursSince(bindings: Bindings, report: Report): readonly number[] {
  const windowsMs: number[] = [];
  for (const select of selectsOf(bindings)) {
    for (const expression of expressionsOf(select.node)) {
      if (expression.class !== 'FUNCTION' || expression.function_name !== 'p_occurs_since') continue;
      const windowMs = checkDuration(expression, report);
      if (windowMs !== undefined) windowsMs.push(windowMs);
      if (expression.children.length === 1) checkImplicitColumn(expression, select.scope, report);
      else checkGivenColumn(expression, select, report);
    }
  }
  return windowsMs;
}

/** The names, as an author writes them, of the columns that `p_occurs_since('…')` may mean. */
function eventTimes(scope: Scope): readonly string[] {
  return scope.sources.flatMap((source) => {
    const column = columnOf(source, 'p_event_time');
    return column?.type === 'TIMESTAMP' ? [`${source.name || 'it'}.${column.name}`] : [];
  });
}

function checkDuration(call: FunctionCall, report: Report): number | undefined {
  const text = textOf(call.children[0]);
  if (text === undefined) return undefined;
  try {
    const windowMs = parseDuration(text);
    if (windowMs > 0) return windowMs;
    report.add(
      'SQL_DURATION_INVALID',
      call.children[0],
      `'${text}' is no time at all.`,
      "Write '30 days' or '12 hours'.",
    );
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    report.add('SQL_DURATION_INVALID', call.children[0], error.message, "Write '30 days' or '12 hours'.");
  }
  return undefined;
}

function checkImplicitColumn(call: FunctionCall, scope: Scope, report: Report): void {
  const times = eventTimes(scope);
  if (times.length === 1 || scope.sources.some((source) => !source.isKnown)) return;
  const text = textOf(call.children[0]) ?? '30 days';
  if (times.length > 1) {
    const forms = times.map((time) => `p_occurs_since('${text}', ${time})`);
    report.add(
      'SQL_OCCURS_SINCE_COLUMN',
      call,
      'Several tables in FROM have a p_event_time.',
      `Write ${forms.join(' or ')}.`,
    );
    return;
  }
  const other = scope.sources.flatMap((source) => source.columns).find((column) => column.type === 'TIMESTAMP');
  const hint = `Name the time: p_occurs_since('${text}', ${other?.name ?? 'column'}).`;
  report.add('SQL_OCCURS_SINCE_COLUMN', call, 'No table in FROM has a p_event_time.', hint);
}

function checkGivenColumn(call: FunctionCall, select: BoundSelect, report: Report): void {
  const column = call.children[1];
  if (column === undefined) return;
  const { type } = inferType(column, select.types);
  if (type === 'TIMESTAMP' || (type === 'OTHER' && column.class === 'COLUMN_REF' && !select.types.columns.has(column)))
    return;
  report.add('SQL_OCCURS_SINCE_COLUMN', column, `The time of p_occurs_since is a ${type}.`, 'Name a TIMESTAMP column.');
}
