import { expect, it } from 'vitest';
import { hasTooManyRecords, normaliseBatch } from '../../../framework/runtime/normalise/index.ts';
import { toy } from './toy-log-type.ts';

const { records: _, ...plain } = toy;

const record = '{"text":"a,b"}';
const most = 100_000;

it.each<readonly [what: string, body: string, expected: boolean]>([
  ['lines', `${record}\n`.repeat(most), false],
  ['one line more', `${record}\n`.repeat(most + 1), true],
  ['lines without an end', `${record}\n`.repeat(most) + record, true],
  ['an array', `[${Array(most).fill(record).join(',')}]`, false],
  [
    'an array of one more',
    `[${Array(most + 1)
      .fill(record)
      .join(',\n')}]`,
    true,
  ],
  ['arrays in lines', '[{},{}]\n'.repeat(most / 2 + 1), true],
  ['an array of what is no record', `[${'0,'.repeat(most)}0]`, true],
  ['one record in many lines', `{"list":[\n${'0,\n'.repeat(most)}0]}`, false],
  ['many empty lines', `${record}${'\n'.repeat(3 * most)}`, false],
  ['nothing', '', false],
])('it counts %s', (_what, text, expected) => {
  const body = Buffer.from(text);
  const logType = plain;
  expect(hasTooManyRecords(body, logType)).toBe(expected);
  const batch = { kind: 'batch', key: 'k', logType: logType.name, source: '', receivedAtMs: 0, body } as const;
  const codes = normaliseBatch(batch, logType).deadLetters.map(({ code }) => code);
  expect(codes.includes('NORMALISE_BATCH_TOO_LONG')).toBe(expected);
});

it('it counts the records of envelopes', () => {
  const logType = { ...toy, records: 'Records' };
  const envelope = (count: number): Buffer => Buffer.from(`{"Records":[${Array(count).fill('{}').join(',')}]}`);
  expect([most, most + 1].map((count) => hasTooManyRecords(envelope(count), logType))).toEqual([false, true]);
});
