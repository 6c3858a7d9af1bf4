import type { Cast } from '../../ast/ast.ts';
import { timestampOfText } from '../../dialect/timestamp-text.ts';
import { castType, type ValueType } from '../../dialect/value-type.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';
import { printInterval } from './print-time-arithmetic.ts';

/** `CAST`, from and to the types that it is proven for; TRUE, FALSE and TIMESTAMP literals, which are casts of texts. */
export function printCast(cast: Cast, context: PrintContext, print: Print): string {
  const to = castType(cast.cast_type);
  const text = cast.child.class === 'CONSTANT' ? cast.child.value.value : undefined;
  if (to === 'BOOLEAN' && (text === 't' || text === 'f')) return text === 't' ? 'TRUE' : 'FALSE';
  if (to === 'INTERVAL') return printInterval(text);
  if (to === 'TIMESTAMP' && typeof text === 'string') {
    const time = timestampOfText(text);
    if (time === undefined) throw new Unproven(`it has the time '${text}'`);
    return quoteText(time);
  }
  const from = context.typeOf(cast.child).type;
  return cast.try_cast ? printTry(from, to, print(cast.child)) : printBetweenTypes(from, to, print(cast.child));
}

/**
 * The text of a value as VARCHAR, as `concat` and `||` convert it.
 *
 * @throws Unproven for DOUBLE, whose digits engines write differently, and for what has no text.
 */
export function printAsText(type: ValueType, printed: string): string {
  return printBetweenTypes(type, 'VARCHAR', printed);
}

function printTry(from: ValueType, to: ValueType, value: string): string {
  if (from === 'NULL' || from === to) return value;
  if (from !== 'VARCHAR' && from !== 'JSON') throw new Unproven(`it tries to cast ${from} to ${to}`);
  switch (to) {
    case 'BIGINT':
    case 'INTEGER':
      return call('m_try_integer', value, quoteText(to));
    case 'DOUBLE':
      return call('m_try_double', value);
    case 'BOOLEAN':
      return call('m_try_boolean', value);
    case 'TIMESTAMP':
      return call('m_try_timestamp', value);
    default:
      throw new Unproven(`it tries to cast ${from} to ${to}`);
  }
}

function printBetweenTypes(from: ValueType, to: ValueType, value: string): string {
  // JSON is printed as text already.
  const source = from === 'JSON' ? 'VARCHAR' : from === 'HUGEINT' ? 'BIGINT' : from;
  if (source === to || source === 'NULL') return value;
  switch (`${source} to ${to}`) {
    case 'VARCHAR to BIGINT':
    case 'VARCHAR to INTEGER':
      return call('m_text_to_integer', value, quoteText(to));
    case 'DOUBLE to BIGINT':
    case 'DOUBLE to INTEGER':
      return call('m_double_to_integer', value, quoteText(to));
    case 'DECIMAL to BIGINT':
    case 'DECIMAL to INTEGER':
      return call('m_decimal_to_integer', value, quoteText(to));
    case 'BIGINT to INTEGER':
    case 'INTEGER to BIGINT':
      return call('m_integer_to_integer', value, quoteText(to));
    case 'BOOLEAN to BIGINT':
    case 'BOOLEAN to INTEGER':
      return call('m_boolean_to_integer', value);
    case 'VARCHAR to DOUBLE':
      return call('m_text_to_double', value);
    case 'BIGINT to DOUBLE':
    case 'INTEGER to DOUBLE':
    case 'DECIMAL to DOUBLE':
      return value;
    case 'VARCHAR to BOOLEAN':
      return call('m_text_to_boolean', value);
    case 'BIGINT to BOOLEAN':
    case 'INTEGER to BOOLEAN':
      return call('m_integer_to_boolean', value);
    case 'VARCHAR to TIMESTAMP':
      return call('m_text_to_timestamp', value);
    case 'TIMESTAMP to VARCHAR':
      return call('m_timestamp_to_text', value);
    case 'BIGINT to VARCHAR':
    case 'INTEGER to VARCHAR':
      return call('m_integer_to_text', value);
    case 'BOOLEAN to VARCHAR':
      return call('m_boolean_to_text', value);
    default:
      throw new Unproven(`it casts ${from} to ${to}`);
  }
}
