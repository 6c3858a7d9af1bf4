import { suggest } from '../../model/suggest.ts';
import type { FunctionCall } from '../ast/ast.ts';
import { type FunctionRule, functionNames, functions } from '../dialect/functions.ts';
import { refusedFunctions } from '../dialect/refused-names.ts';
import type { Report } from '../sql-problem.ts';
import { gateArrow } from './gate-arrow.ts';

const dateUnits = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'];

/** Refuses a call that is outside of the subset. @returns Whether to look at its arguments as well. */
export function gateFunction(call: FunctionCall, report: Report): boolean {
  const name = call.function_name.toLowerCase();
  const rule = Object.hasOwn(functions, name) && isOwnSchema(call) ? functions[name] : undefined;
  if (rule === undefined) {
    refuseFunction(call, name, report);
    // INTERVAL '3' DAY comes as to_days(…), with more of the parser's own inside.
    return !name.startsWith('to_');
  }
  const [left, right] = call.children;
  if (name === '->>' && left !== undefined && right !== undefined) return gateArrow('->>', left, right, call, report);
  gateArguments(call, name, rule, report);
  gateAggregate(call, name, rule, report);
  if (name === 'p_occurs_since')
    gateConstantText(call, 0, 'a duration in quotes', "Write p_occurs_since('30 days').", report);
  if (name.startsWith('date_')) gateUnit(call, name, report);
  if (name === 'list_at') gateIndex(call, report);
  return true;
}

function isOwnSchema(call: FunctionCall): boolean {
  // The parser puts what it writes itself (EXTRACT, POSITION … IN) into `main`.
  return call.schema === '' || call.schema === 'main';
}

function refuseFunction(call: FunctionCall, name: string, report: Report): void {
  const refusal = isOwnSchema(call) ? refusedFunctions.get(name) : undefined;
  const schema = isOwnSchema(call) ? '' : `${call.schema}.`;
  const shown = /^\w/.test(name) ? `${schema}${name}()` : name;
  if (refusal !== undefined) {
    report.add(refusal.code, call, `${shown} ${refusal.reason}.`, refusal.instead);
  } else {
    report.add(
      'SQL_FUNCTION_UNKNOWN',
      call,
      `There is no function ${shown} in the portable subset.`,
      suggest(name, functionNames),
    );
  }
}

function gateArguments(call: FunctionCall, name: string, rule: FunctionRule, report: Report): void {
  const [least, most] = rule.args;
  const count = call.children.length;
  if (count >= least && count <= most) return;
  const wanted = least === most ? String(least) : `${least} to ${most}`;
  report.add('SQL_FUNCTION_REFUSED', call, `${name}() has ${count} arguments; it takes ${wanted}.`);
}

function gateAggregate(call: FunctionCall, name: string, rule: FunctionRule, report: Report): void {
  const orders = call.order_bys?.orders ?? [];
  if (call.distinct && (rule.kind !== 'aggregate' || name === 'count_if')) {
    report.add('SQL_FUNCTION_REFUSED', call, `DISTINCT in ${name}() has no meaning.`, 'Leave it out.');
  }
  if (call.filter && rule.kind !== 'aggregate') {
    report.add('SQL_FUNCTION_REFUSED', call, `FILTER after ${name}() has no meaning.`, 'Leave it out.');
  }
  if (rule.ordered && orders.length === 0) {
    const hint = 'Write ORDER BY x NULLS LAST inside the parentheses.';
    report.add('SQL_FUNCTION_REFUSED', call, `The result of ${name}() depends on the order of the rows.`, hint);
  }
  if (!rule.ordered && orders.length > 0) {
    report.add('SQL_FUNCTION_REFUSED', call, `ORDER BY in ${name}() has no effect.`, 'Leave it out.');
  }
}

function gateUnit(call: FunctionCall, name: string, report: Report): void {
  // Engines (and versions) disagree on the boundaries of weeks.
  const units = name === 'date_trunc' ? dateUnits : dateUnits.filter((unit) => unit !== 'week');
  const hint = `Write one of ${units.map((unit) => `'${unit}'`).join(', ')}.`;
  const unit = gateConstantText(call, 0, 'a unit in quotes', hint, report);
  if (unit !== undefined && !units.includes(unit)) {
    report.add('SQL_FUNCTION_REFUSED', call.children[0], `'${unit}' is not a unit of ${name}().`, hint);
  }
}

function gateIndex(call: FunctionCall, report: Report): void {
  const index = call.children[1];
  if (index === undefined || (index.class === 'CONSTANT' && index.value.type.id === 'INTEGER')) return;
  report.add(
    'SQL_FUNCTION_REFUSED',
    index,
    'The index of list_at() is computed.',
    'Write a number: 0 is the first element.',
  );
}

function gateConstantText(
  call: FunctionCall,
  index: number,
  what: string,
  hint: string,
  report: Report,
): string | undefined {
  const argument = call.children[index];
  if (argument === undefined) return undefined;
  if (argument.class === 'CONSTANT' && typeof argument.value.value === 'string') return argument.value.value;
  report.add('SQL_FUNCTION_REFUSED', argument, `${call.function_name}() needs ${what}.`, hint);
  return undefined;
}
