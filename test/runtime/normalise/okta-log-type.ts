import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type LogType, tableOfLogType } from '../../../framework/model/log-type.ts';

const root = new URL('../../../', import.meta.url);

/** The built-in log type, read without the compiler. */
export const okta: LogType = readLogType('okta-systemlog');

/** A sample event by the name of its file. */
export function oktaFixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`fixtures/okta/${name}.json`, root), 'utf8'));
}

function readLogType(file: string): LogType {
  const { logType: name, ...rest } = parse(readFileSync(new URL(`framework/log-types/${file}.yml`, root), 'utf8'));
  return { name, table: tableOfLogType(name), logsources: [], model: {}, ...rest };
}
