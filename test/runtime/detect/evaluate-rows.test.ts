import { describe, expect, it } from 'vitest';
import { stableId } from '../../../framework/model/stable-id.ts';
import type { RowsInput } from '../../../framework/runtime/detect/index.ts';
import { openDetector } from './detect-once.ts';
import { sampleBatch, sampleDetection, sampleRecord } from './sample-bundle.ts';

const scheduledAtMs = Date.UTC(2026, 0, 2);
const source = { kind: 'query', query: 'test/query' } as const;
const rows = [
  { member: 'ann@example.com', adds: 3 },
  { member: 'bob@example.com', adds: 5 },
];
const input: RowsInput = { queryId: 'test/query', detectionId: 'test/sample', scheduledAtMs, rows };

describe('the rows of a scheduled query', () => {
  it('all match where there is neither condition nor rule', async () => {
    const detector = await openDetector({
      detections: [
        sampleDetection({
          source,
          alertTitle: '{member} was added {adds} times',
          dedup: { by: ['member'], periodMs: 1 },
          context: { adds: { from: 'adds', type: 'bigint' } },
        }),
      ],
    });
    const result = await detector.processRows(input);
    const rowId = stableId('test/query', '["ann@example.com"]', String(scheduledAtMs));
    expect(result).toMatchObject({ errors: [], deadLetters: [], eventCount: 2, quarantined: [] });
    expect(result.matches).toHaveLength(2);
    expect(result.matches[0]).toMatchObject({
      matchId: stableId('test/sample', 'live', rowId),
      rowId,
      logType: 'query:test/query',
      eventTimeMs: scheduledAtMs,
      title: 'ann@example.com was added 3 times',
      dedup: 'ann@example.com',
      context: { adds: 3 },
      indicators: {},
      event: rows[0],
    });
  });

  it('go through condition and rule', async () => {
    const detector = await openDetector({
      detections: [
        sampleDetection({
          source,
          condition: { kind: 'field', field: 'adds', test: { op: 'gt', value: 2 } },
          functions: ['rule'],
        }),
      ],
      code: `{ 'test/sample': { rule: (row) => row.member.startsWith('bob') } }`,
    });
    expect((await detector.processRows(input)).matches.map((match) => match.event)).toEqual([rows[1]]);
  });

  it('are told apart by their key columns, else by all of them', async () => {
    const detections = [
      sampleDetection({ source, dedup: { by: ['member'], periodMs: 1 } }),
      sampleDetection({ id: 'test/keyless', source, dedup: { by: [], periodMs: 1 } }),
    ];
    const detector = await openDetector({ detections });
    const twice = [...rows, { member: 'ann@example.com', adds: 4 }, { adds: 3, member: 'ann@example.com' }];
    const counts = await Promise.all(
      detections.map(
        async ({ id }) => (await detector.processRows({ ...input, detectionId: id, rows: twice })).matches.length,
      ),
    );
    expect(counts).toEqual([2, 3]);
  });

  it('are other rows at another time', async () => {
    const detector = await openDetector({ detections: [sampleDetection({ source })] });
    const [first, again, later] = await Promise.all(
      [0, 0, 1].map(async (plus) => {
        const { matches } = await detector.processRows({ ...input, scheduledAtMs: scheduledAtMs + plus });
        return matches.map((match) => match.matchId);
      }),
    );
    expect(again).toEqual(first);
    expect(later).not.toEqual(first);
  });

  it('are not evaluated by a detection that is off, and no events by one over a query', async () => {
    const detector = await openDetector({
      detections: [sampleDetection({ source }), sampleDetection({ id: 'test/off', source, mode: 'off' })],
    });
    expect((await detector.processRows({ ...input, detectionId: 'test/off' })).matches).toEqual([]);
    expect((await detector.processBatch(sampleBatch([sampleRecord(0)]))).matches).toEqual([]);
  });

  it('are refused for a detection that the bundle lacks, and when they cannot be read', async () => {
    const detector = await openDetector({ detections: [sampleDetection({ source, dedup: { by: [], periodMs: 1 } })] });
    await expect(detector.processRows({ ...input, detectionId: 'test/gone' })).rejects.toMatchObject({
      code: 'DETECT_DETECTION_UNKNOWN',
    });
    await expect(detector.processRows({ ...input, rows: [{ adds: 3n }] })).rejects.toMatchObject({
      code: 'DETECT_EVALUATION_FAILED',
    });
  });
});
