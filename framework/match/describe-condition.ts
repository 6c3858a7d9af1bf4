import type { Condition, PatternPart, ValueTest } from '../model/condition.ts';

/**
 * A condition for people, one line per operand of its outermost `and` and `or`, nested ones indented by two blanks:
 * `eventType = 'user.login'`, `not …`, `any of target: …`. Equal conditions give equal lines, so that two of them can
 * be compared line by line.
 */
export function describeCondition(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'field':
      return [`${condition.field} ${describeTest(condition.test)}`];
    case 'keyword':
      return [`any value ${describeTest(condition.test)}`];
    case 'not':
      return under('not', condition.of);
    case 'element':
      return under(`${condition.quantifier} of ${condition.field}:`, condition.of);
    default:
      return describeList(condition.kind, condition.of);
  }
}

function describeList(kind: 'and' | 'or', of: readonly Condition[]): readonly string[] {
  if (of.length === 1) return describeCondition(of[0] as Condition);
  const values = kind === 'or' ? valuesOfOneField(of) : undefined;
  if (values) return [values];
  return [kind === 'and' ? 'all of' : 'one of', ...of.flatMap((operand) => indent(describeCondition(operand)))];
}

/** `field = 'a' or 'b'`: the form of a list of values. */
function valuesOfOneField(of: readonly Condition[]): string | undefined {
  const fields = new Set(of.map((operand) => (operand.kind === 'field' ? operand.field : undefined)));
  const [field] = fields;
  if (fields.size !== 1 || field === undefined) return undefined;
  return `${field} ${of.map((operand) => (operand.kind === 'field' ? describeTest(operand.test) : '')).join(' or ')}`;
}

function under(word: string, of: Condition): readonly string[] {
  const lines = describeCondition(of);
  return lines.length === 1 ? [`${word} ${lines[0]}`] : [word, ...indent(lines)];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function describeTest(test: ValueTest): string {
  switch (test.op) {
    case 'pattern':
      return `${describePattern(test.parts)}${test.cased ? ' (cased)' : ''}`;
    case 'number':
    case 'boolean':
      return `= ${test.value}`;
    case 'null':
      return 'is null';
    case 'exists':
      return test.value ? 'exists' : 'does not exist';
    case 're':
      return `matches /${test.source}/${test.flags}`;
    case 'cidr':
      return `in ${test.network}`;
    case 'fieldref':
      return `${test.how} field ${test.field}${test.cased ? ' (cased)' : ''}`;
    default:
      return `${comparisons[test.op]} ${test.value}`;
  }
}

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function describePattern(parts: readonly PatternPart[]): string {
  const texts = parts.filter((part) => typeof part === 'string');
  const [first, last] = [parts[0], parts.at(-1)];
  const anyWild = parts.length - texts.length;
  const [text = ''] = texts;
  if (anyWild === 0) return `= ${quote(texts.join(''))}`;
  if (texts.length === 1 && parts.every((part) => typeof part === 'string' || part.wild === 'many')) {
    if (anyWild === 2 && parts.length === 3) return `contains ${quote(text)}`;
    if (anyWild === 1) return typeof first === 'string' ? `starts with ${quote(text)}` : `ends with ${quote(text)}`;
  }
  if (parts.length === 1 && first === last) return 'has a value';
  const shape = parts.map((part) => (typeof part === 'string' ? part : part.wild === 'many' ? '*' : '?')).join('');
  return `like ${quote(shape)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
