import { describe, expect, it } from 'vitest';
import { batchRecords } from '../../../framework/cli/send/batch-records.ts';
import { splitRecords } from '../../../framework/cli/send/split-records.ts';

const limits = { documentBytes: 200, maxRecordBytes: 1_000 };

/** The records of a text that comes in pieces of a size, as texts; `null` for one that was too large. */
async function recordsOf(text: string, pieceBytes: number): Promise<readonly (string | null)[]> {
  const records: (string | null)[] = [];
  for await (const { bytes, envelope } of splitRecords(pieces(text, pieceBytes), limits)) {
    const record = bytes?.toString() ?? null;
    records.push(envelope === undefined || record === null ? record : `${envelope}: ${record}`);
  }
  return records;
}

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const big = 'x'.repeat(60);
const cases: readonly (readonly [name: string, input: string, records: readonly (string | null)[]])[] = [
  ['nothing', '', []],
  ['blanks', ' \n\t\r\n', []],
  ['one line', '{"a":1}', ['{"a":1}']],
  ['lines', '{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
  ['lines with blank ones and CR LF', '\ufeff{"a":1}\r\n\r\n  {"a":2}  \r\n', ['{"a":1}', '{"a":2}']],
  ['a malformed line between', '{"a":1}\n{"a":\n{"a":3}\n', ['{"a":1}', '{"a":', '{"a":3}']],
  ['a malformed line first', '{"a":\n{"a":2}\n', ['{"a":', '{"a":2}']],
  ['lines that are no JSON', 'hello\nworld', ['hello', 'world']],
  ['an array', '[{"a":1},{"a":2}]', ['{"a":1}', '{"a":2}']],
  [
    'an array over many lines',
    ' [\n  {\n    "a": "]}\\""\n  },\n  2, null , "x,y"\n]\n',
    ['{     "a": "]}\\""   }', '2', 'null', '"x,y"'],
  ],
  ['an empty array', '[ ]', []],
  ['a document over many lines', '{\n  "a": [1, 2],\n  "b": {"c": "}"}\n}\n', ['{   "a": [1, 2],   "b": {"c": "}"} }']],
  ['a small envelope', '{"Records":[\n{"a":1}\n]}', ['{"Records":[ {"a":1} ]}']],
  [
    'a large envelope',
    `{ "Records" : [ {"a":"${big}"}, {"b":"${big}"},\n {"c":"${big}"} ], "more": {"x": [1]} }`,
    [`Records: {"a":"${big}"}`, `Records: {"b":"${big}"}`, `Records: {"c":"${big}"}`],
  ],
  [
    'large envelopes, one a line',
    `{"Records":[{"a":"${big}"},{"b":"${big}"},{"c":"${big}"}]}\n{"Records":[{"d":1}]}\n`,
    [`Records: {"a":"${big}"}`, `Records: {"b":"${big}"}`, `Records: {"c":"${big}"}`, '{"Records":[{"d":1}]}'],
  ],
  ['a large document', `{\n"a":"${big}${big}${big}${big}"\n}`, [`{ "a":"${big}${big}${big}${big}" }`]],
  ['a line that is too large', `{"a":1}\n"${'y'.repeat(2_000)}"\n{"a":2}`, ['{"a":1}', null, '{"a":2}']],
  ['an element that is too large', `[{"a":1},"${'y'.repeat(2_000)}",{"a":2}]`, ['{"a":1}', null, '{"a":2}']],
  ['characters of several bytes', '{"a":"猫🐈"}\n{"b":"é"}', ['{"a":"猫🐈"}', '{"b":"é"}']],
];

describe.each([1, 7, 64, 100_000])('in pieces of %i bytes', (pieceBytes) => {
  it.each(cases)('%s', async (_name, input, records) => {
    expect(await recordsOf(input, pieceBytes)).toEqual(records);
  });

  it.each([
    ['an array that does not end', '[{"a":1},'],
    ['an element that does not end', '[{"a":1},{"a":'],
    ['something behind an array', '[{"a":1}] oops'],
    ['an envelope that does not end', `{"Records":[{"a":"${big}"},{"b":"${big}"},{"c":"${big}"}`],
  ])('%s is refused', async (_name, input) => {
    await expect(recordsOf(input, pieceBytes)).rejects.toMatchObject({ code: 'CLI_INPUT_INVALID' });
  });
});

describe('batches', () => {
  async function batchesOf(
    text: string,
    maxBytes: number,
  ): Promise<readonly (readonly [string, number, number, number])[]> {
    const batches: [string, number, number, number][] = [];
    const records = splitRecords(pieces(text, 16), limits);
    for await (const { body, recordCount, offset, length } of batchRecords(records, maxBytes)) {
      batches.push([body.toString(), recordCount, offset, length]);
    }
    return batches;
  }

  it('hold whole records, and know their place', async () => {
    expect(await batchesOf('{"a":1}\n{"a":2}\n{"a":3}\n', 16)).toEqual([
      ['{"a":1}\n{"a":2}', 2, 0, 16],
      ['{"a":3}', 1, 16, 8],
    ]);
  });

  it('hold one record that is larger than a batch', async () => {
    expect(await batchesOf(`{"a":1}\n{"a":"${big}"}\n{"a":3}`, 16)).toEqual([
      ['{"a":1}', 1, 0, 8],
      [`{"a":"${big}"}`, 1, 8, 69],
      ['{"a":3}', 1, 77, 7],
    ]);
  });

  it('put the elements of an envelope into envelopes again', async () => {
    const input = `{"Records":[{"a":"${big}"},{"b":"${big}"},{"c":"${big}"}]}`;
    const batches = await batchesOf(input, 160);
    expect(batches.map(([body]) => JSON.parse(body))).toEqual([
      { Records: [{ a: big }, { b: big }] },
      { Records: [{ c: big }] },
    ]);
    for (const [body] of batches) expect(body.length).toBeLessThanOrEqual(160);
  });
});
