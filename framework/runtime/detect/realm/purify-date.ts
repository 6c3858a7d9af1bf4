/**
 * Makes `Date` depend on its arguments alone: now is not known, local time is UTC, and a date without a zone is one
 * in UTC. So a detection that asks for the hour finds the same one on a laptop and in production.
 *
 * Runs inside the content's realm, from its own source text: it may refer to nothing outside itself.
 */
export function purifyDate(): void {
  const { defineProperty } = Object;
  const { apply, construct } = Reflect;
  const Native = Date;
  const dateOnly = /^\d{4}(-\d\d){0,2}$/;
  const zoneless = /^\d{4}-\d\d-\d\dT[\d:.]+$/;
  const zoned = /Z$|GMT|UTC|:\d\d(\.\d+)?\s*[+-]\d\d:?\d\d$/i;
  const inUtc = (value: unknown): unknown => {
    if (typeof value !== 'string' || dateOnly.test(value) || zoned.test(value)) return value;
    return zoneless.test(value) ? `${value}Z` : `${value} UTC`;
  };
  const instant = (parts: readonly unknown[]): number => {
    if (parts.length === 0) throw new TypeError('The time now is not available: read the time of the event.');
    if (parts.length > 1) return apply(Native.UTC, Native, parts);
    return new Native(inUtc(parts[0]) as string).getTime();
  };
  const PureDate = function (...parts: unknown[]): unknown {
    if (!new.target) throw new TypeError('Date() is not available: read the time of the event.');
    return construct(Native, [instant(parts)], new.target);
  };

  const prototype = Native.prototype as unknown as Record<string, unknown>;
  for (const part of ['Date', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds']) {
    prototype[`get${part}`] = prototype[`getUTC${part}`];
    prototype[`set${part}`] = prototype[`setUTC${part}`];
  }
  prototype.getDay = prototype.getUTCDay;
  prototype.getTimezoneOffset = () => 0;
  prototype.toString = prototype.toUTCString as () => string;
  const local = 'toDateString toTimeString toLocaleString toLocaleDateString toLocaleTimeString getYear setYear';
  for (const name of local.split(' ')) delete prototype[name];

  defineProperty(PureDate, 'name', { value: 'Date' });
  defineProperty(PureDate, 'prototype', { value: prototype });
  defineProperty(PureDate, 'parse', { value: (text: unknown) => new Native(inUtc(`${text}`) as string).getTime() });
  defineProperty(PureDate, 'UTC', { value: Native.UTC });
  defineProperty(prototype, 'constructor', { value: PureDate });
  defineProperty(globalThis, 'Date', { value: PureDate });
}
