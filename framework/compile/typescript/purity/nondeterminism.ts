import { ts } from 'ts-morph';
import { declarationOf, type LintContext } from './lint-context.ts';

const clockHint = 'Take the time from the event: `event.p_event_time`.';

/** Members of dates, texts and numbers whose result depends on the machine's time zone or language. */
const localMembers = new Set([
  ...['getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'],
  ...['setFullYear', 'setMonth', 'setDate', 'setHours', 'setMinutes', 'setSeconds', 'setMilliseconds'],
  ...['getTimezoneOffset', 'getYear', 'toDateString', 'toTimeString'],
  ...['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'toLocaleUpperCase', 'toLocaleLowerCase'],
  'localeCompare',
]);

/** The same event gives the same result: no clock, no randomness, no time zone, no language. */
export function lintNondeterminism(node: ts.Node, context: LintContext): void {
  if (ts.isPropertyAccessExpression(node)) {
    if (isGlobal(node.expression, 'Date', context) && node.name.text === 'now')
      report(node, 'the clock', clockHint, context);
    if (isGlobal(node.expression, 'Math', context) && node.name.text === 'random') {
      report(node, 'chance', 'The same event must give the same result.', context);
    }
    if (localMembers.has(node.name.text)) lintLocal(node, context);
  } else if (ts.isNewExpression(node) && isGlobal(node.expression, 'Date', context)) {
    const count = node.arguments?.length ?? 0;
    if (count === 0) report(node, 'the clock', clockHint, context);
    if (count > 1) report(node, "the machine's time zone", 'Write `new Date(Date.UTC(…))`.', context);
  } else if (ts.isCallExpression(node) && isGlobal(node.expression, 'Date', context)) {
    report(node, 'the clock', clockHint, context);
  }
}

function lintLocal(node: ts.PropertyAccessExpression, context: LintContext): void {
  const name = node.name.text;
  const utc = name.replace(/^(get|set)/, '$1UTC');
  const plain = { toLocaleUpperCase: 'toUpperCase', toLocaleLowerCase: 'toLowerCase', localeCompare: '<' }[name];
  const instead = plain ?? (utc === name || /Timezone|getYear/.test(name) ? 'toISOString' : utc);
  report(node.name, "the machine's time zone or language", `Use \`${instead}\`.`, context);
}

function isGlobal(node: ts.Expression, name: string, context: LintContext): boolean {
  return ts.isIdentifier(node) && node.text === name && !declarationOf(node, context.checker);
}

function report(node: ts.Node, on: string, hint: string, context: LintContext): void {
  context.report('COMPILE_NONDETERMINISTIC', node, `\`${node.getText()}\` depends on ${on}.`, hint);
}
