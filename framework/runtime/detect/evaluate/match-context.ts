import { getPath } from '../../../model/path.ts';
import { callFunction, type Tools } from './call-function.ts';
import { columnValue } from './column-value.ts';
import type { ReadyDetection } from './detection-set.ts';
import { recordType } from './return-types.ts';
import type { Subject } from './subject.ts';

type Context = Readonly<Record<string, unknown>>;

/** @source Panther, limit of `alert_context`. */
const maxContextBytes = 200 * 1_024;

/**
 * The context of a match: the columns that the YAML reads from the event, over them what `context` returned, each
 * declared column as its type. A `context` that fails leaves the YAML's columns and `_error`.
 */
export function matchContext(tools: Tools, ready: ReadyDetection, subject: Subject): Context {
  const answer = callFunction(tools, ready, subject, 'context', recordType);
  const declared = Object.entries(ready.detection.context);
  const given = answer.kind === 'value' ? answer.value : {};
  const context: Record<string, unknown> = { ...given };
  for (const [name, column] of declared) {
    const value = given[name] === undefined && column.from ? getPath(subject.record, column.from) : given[name];
    context[name] = columnValue(value, column.type);
  }
  if (answer.kind === 'failed') context._error = answer.error;
  const bytes = Buffer.byteLength(JSON.stringify(context));
  if (bytes <= maxContextBytes) return context;
  const error = `The context has ${bytes} bytes; at most ${maxContextBytes} are kept.`;
  tools.errors.add(ready, 'context', subject, 'LimitExceeded', error);
  return { _error: `LimitExceeded: ${error}` };
}
