import { expect, test } from 'vitest';
import { type Judgement, judgeStop, noStops, type StopRecord } from '../../../framework/runtime/detect/judge-stop.ts';
import type { Phase } from '../../../framework/runtime/detect/progress.ts';

type Told = readonly [cause: 'hang' | 'death', phase: Phase, detection: number];

function judgeAll(stops: readonly Told[]): readonly Judgement[] {
  let record: StopRecord = noStops;
  return stops.map(([cause, phase, detection]) => {
    const at = { beat: 0, request: 1, event: 0, functionName: 'rule', phase, detection } as const;
    const judged = judgeStop(record, { cause, at });
    record = judged.record;
    return judged.judgement;
  });
}

test.each<readonly [title: string, stops: readonly Told[], judgements: readonly Judgement[]]>([
  ['one stall of the machine stops no detection', [['hang', 'content', 3]], ['resend']],
  [
    'nor does a stall that goes on into another one',
    [
      ['hang', 'content', 3],
      ['hang', 'content', 4],
    ],
    ['resend', 'resend'],
  ],
  [
    'a detection that hangs again over the same request is quarantined',
    [
      ['hang', 'content', 3],
      ['hang', 'content', 3],
      ['hang', 'content', 3],
    ],
    ['resend', 'quarantine', 'quarantine'],
  ],
  [
    'and so is one that takes the worker down twice',
    [
      ['death', 'content', 3],
      ['death', 'content', 3],
    ],
    ['resend', 'quarantine'],
  ],
  [
    'a request that stops our own code twice is set aside',
    [
      ['hang', 'framework', 0],
      ['death', 'framework', 0],
    ],
    ['resend', 'set-aside'],
  ],
  [
    'a first hang after a death is still a first hang',
    [
      ['death', 'framework', 0],
      ['hang', 'content', 3],
    ],
    ['resend', 'resend'],
  ],
])('%s', (_title, stops, judgements) => {
  expect(judgeAll(stops)).toEqual(judgements);
});
