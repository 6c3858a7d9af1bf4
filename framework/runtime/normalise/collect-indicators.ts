import { formatIp, parseIp } from '../../model/cidr.ts';
import { type IndicatorKind, indicatorFieldNames, indicatorFields } from '../../model/indicators.ts';
import type { LogField, LogType } from '../../model/log-type.ts';
import { isRecord } from '../../model/path.ts';
import { maxIndicatorLength, maxIndicators } from './limits.ts';

/** Values by `p_any_*` field, while they are collected. */
type Found = Map<string, Set<string>>;

type Collect = (value: unknown, found: Found) => void;

/**
 * A function that gives a record's `p_any_*` fields: sorted sets of the values whose log field says so and
 * that look right (addresses, e-mail addresses, …). A field without values is left out.
 */
export function compileIndicators(logType: LogType): (record: unknown) => Readonly<Record<string, readonly string[]>> {
  const collect = collectObject(logType.fields);
  return (record) => {
    const found: Found = new Map();
    collect?.(record, found);
    const indicators: Record<string, readonly string[]> = {};
    for (const name of indicatorFieldNames) {
      const values = found.get(name);
      if (values) indicators[name] = [...values].sort();
    }
    return indicators;
  };
}

function collectField(field: LogField): Collect | undefined {
  const parts = [
    field.indicators?.length ? collectScalar(field.indicators) : undefined,
    field.fields ? collectObject(field.fields) : undefined,
    field.items ? collectArray(field.items) : undefined,
  ].filter((part) => part !== undefined);
  if (parts.length < 2) return parts[0];
  return (value, found) => {
    for (const part of parts) part(value, found);
  };
}

function collectObject(fields: Readonly<Record<string, LogField>>): Collect | undefined {
  const collectors = Object.entries(fields).flatMap(([name, field]) => {
    const collect = collectField(field);
    return collect ? [[name, collect] as const] : [];
  });
  if (collectors.length === 0) return undefined;
  return (value, found) => {
    if (!isRecord(value)) return;
    for (const [name, collect] of collectors) if (Object.hasOwn(value, name)) collect(value[name], found);
  };
}

function collectArray(items: LogField): Collect | undefined {
  const collect = collectField(items);
  return (
    collect &&
    ((value, found) => {
      if (Array.isArray(value)) for (const element of value) collect(element, found);
    })
  );
}

function collectScalar(kinds: readonly IndicatorKind[]): Collect {
  return (value, found) => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text === '' || text.length > maxIndicatorLength) return;
    for (const kind of kinds) {
      const indicator = readIndicator[kind](text.trim());
      if (indicator) add(found, indicatorFields[kind], indicator);
    }
  };
}

/** The form in which a text is kept and found as a kind of indicator; `undefined` where it is none. */
export function indicatorForm(kind: IndicatorKind, text: string): string | undefined {
  if (text.length > maxIndicatorLength) return undefined;
  return readIndicator[kind](text.trim()) || undefined;
}

function add(found: Found, name: string, value: string): void {
  const values = found.get(name);
  if (!values) found.set(name, new Set([value]));
  else if (values.size < maxIndicators) values.add(value);
}

/** The form in which a value is compared and searched; `undefined` or `''` where it is no such indicator. */
const readIndicator: Readonly<Record<IndicatorKind, (text: string) => string | undefined>> = {
  ip: (text) => {
    const address = parseIp(text);
    return address && formatIp(address);
  },
  username: (text) => text,
  email: lowerIf(/^[^\s@]{1,64}@[^\s@.][^\s@]*\.[^\s@.]+$/),
  domain: (text) => (parseIp(text) ? undefined : readDomain(text.replace(/\.$/, ''))),
  md5: lowerIf(/^[0-9a-f]{32}$/i),
  sha1: lowerIf(/^[0-9a-f]{40}$/i),
  sha256: lowerIf(/^[0-9a-f]{64}$/i),
  aws_arn: (text) => (text.startsWith('arn:') ? text : undefined),
  aws_account_id: (text) => (/^\d{12}$/.test(text) ? text : undefined),
  aws_instance_id: (text) => (/^i-[0-9a-f]{8,17}$/.test(text) ? text : undefined),
  trace_id: (text) => text,
  actor_id: (text) => text,
};

const readDomain = lowerIf(/^(?!-)[\p{L}\p{N}_-]{1,63}(?:\.[\p{L}\p{N}_-]{1,63})+$/u);

function lowerIf(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text.toLowerCase() : undefined);
}
