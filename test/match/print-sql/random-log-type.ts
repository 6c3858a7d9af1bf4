import fc from 'fast-check';
import { commonFields } from '../../../framework/model/common-fields.ts';
import type { Event } from '../../../framework/model/event.ts';
import type { IndicatorKind } from '../../../framework/model/indicators.ts';
import type { LogField, LogType } from '../../../framework/model/log-type.ts';
import { normaliseBatch } from '../../../framework/runtime/normalise/index.ts';
import { names, randomJson, randomNumber, randomText } from './random-values.ts';

const receivedAtMs = Date.UTC(2026, 0, 2);

const scalars = ['string', 'bigint', 'double', 'boolean', 'timestamp', 'json'] as const;
const indicators: readonly (readonly IndicatorKind[])[] = [[], [], ['username'], ['ip', 'email']];

const randomField: fc.Arbitrary<LogField> = fc.letrec<{ field: LogField }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3 },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...scalars), fc.constantFrom(...indicators))
        .map(([type, kinds]): LogField => ({ type, indicators: type === 'string' ? kinds : [] })),
    },
    {
      weight: 2,
      arbitrary: fc
        .option(fc.dictionary(fc.constantFrom(...names), tie('field'), { maxKeys: 3, noNullPrototype: true }))
        .map((fields): LogField => ({ type: 'object', fields: fields ?? undefined })),
    },
    {
      weight: 2,
      arbitrary: fc.option(tie('field')).map((items): LogField => ({ type: 'array', items: items ?? undefined })),
    },
  ),
})).field;

/** Log types of a few fields, with a time at `t`. */
export const randomLogType: fc.Arbitrary<LogType> = fc
  .tuple(
    // DuckDB's column names have no case, so that of two such names one stays undeclared.
    fc.dictionary(
      fc.constantFrom(...names.filter((name) => !/^(?:A|p_x|udm\..*|__proto__)$/.test(name))),
      randomField,
      {
        minKeys: 1,
        maxKeys: 5,
        noNullPrototype: true,
      },
    ),
    fc.constantFrom(...Object.keys(commonFields).slice(0, 3)),
  )
  .map(([fields, common]) => ({
    name: 'Acme.Random',
    table: 'acme_random',
    description: '',
    reference: '',
    logsources: [],
    eventTime: 't',
    fields: { t: { type: 'timestamp' }, ...fields },
    model: { [common]: ['a', 'b'] },
  }));

/** Records that mostly are of the log type, as whoever sends them may write them. */
export function randomRecord(logType: LogType): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const declared = Object.entries(logType.fields)
    .filter(([name]) => name !== 't')
    .map(([name, field]) => fc.option(valueFor(field), { freq: 6 }).map((value) => [name, value] as const));
  return fc
    .tuple(
      fc.constantFrom(
        '2026-01-01T03:04:05.678Z',
        '2026-01-01T03:04:05Z',
        '2026-01-01T04:04:05.6789+01:00',
        1767225600,
        '1767225600123',
      ),
      fc.tuple(...declared),
      fc.array(fc.tuple(fc.constantFrom(...names, 'new', 't.a'), randomJson), { maxLength: 3 }),
      fc.array(fc.boolean(), { minLength: declared.length, maxLength: declared.length }),
    )
    .map(([t, values, extra, kept]) => {
      const own = values.filter((_, i) => kept[i]);
      const names = new Set([...values.map(([name]) => name), 't']);
      return Object.fromEntries([['t', t], ...own, ...extra.filter(([name]) => !names.has(name))]);
    });
}

function valueFor(field: LogField): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'string':
      return fc.oneof({ weight: 9, arbitrary: randomText }, { weight: 1, arbitrary: randomNumber });
    case 'bigint':
      return fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -0, 5, -5, '5', 12, 4624, 2 ** 53 - 1));
    case 'double':
      return fc.oneof(randomNumber, fc.constantFrom('5', '5.50', '1e3'));
    case 'boolean':
      return fc.constantFrom(true, false, 'true');
    case 'timestamp':
      return fc.constantFrom(
        '2026-01-01T03:04:05.678Z',
        '2026-01-01 03:04:05',
        '2026-01-01T03:04:05.123456789+02:00',
        1767225600.5,
        '0',
        5,
      );
    case 'json':
      return randomJson;
    case 'object': {
      const fields = Object.entries(field.fields ?? {}).map(([name, inner]) =>
        fc.option(valueFor(inner)).map((value) => [name, value] as const),
      );
      const extra = fc.option(fc.tuple(fc.constantFrom(...names), randomJson), { freq: 2 });
      return fc.tuple(fc.tuple(...fields), extra, fc.nat(fields.length)).map(([known, more, count]) => {
        const isNew = more !== null && !known.some(([name]) => name === more[0]);
        return Object.fromEntries([...known.slice(0, count), ...(isNew ? [more] : [])]);
      });
    }
    case 'array': {
      const items = field.items ? valueFor(field.items) : randomJson;
      return fc.array(fc.option(items, { freq: 6 }), { maxLength: 3 });
    }
  }
}

/** The events of some records, as the stream sees them. */
export function eventsOf(records: readonly unknown[], logType: LogType): readonly Event[] {
  const body = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'));
  const batch = { kind: 'batch', key: 'k', logType: logType.name, source: 'test', receivedAtMs, body } as const;
  return normaliseBatch(batch as never, logType).events;
}
