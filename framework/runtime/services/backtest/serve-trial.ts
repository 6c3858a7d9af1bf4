import { MargayError } from '../../../model/margay-error.ts';
import { type Detector, type DetectResult, startDetector } from '../../detect/index.ts';
import {
  type Side,
  sides,
  type TrialAnswer,
  type TrialEvents,
  type TrialPair,
  type TrialReply,
  type TrialRequest,
  type TrialRun,
  type TrialSetup,
} from './trial-message.ts';
import { PairRecord } from './trial-pair.ts';

/** The heap of each worker: what one detection may use. */
const maxHeapMb = 384;

/** Runs a trial in the process that it is called in, until its parent is gone. */
export function serveTrial(): void {
  let trial: Promise<Trial> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (request: TrialRequest): Promise<TrialAnswer> => {
    if (request.kind === 'open') {
      trial = openTrial(request.setup);
      await trial;
      return {};
    }
    const open = await trial;
    if (!open) throw new Error('The trial is not open.');
    if (request.kind === 'events') return open.events(request.events, request.sequence);
    if (request.kind === 'run') return open.run(request.run);
    return open.finish();
  };
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', (request: TrialRequest) => {
    // One after another, so that the tally sees them in the order of the lake.
    last = last.then(async () => {
      const { sequence } = request;
      const reply = await answer(request).then(
        (given): TrialReply => ({ sequence, answer: given }),
        (error: unknown): TrialReply => failure(sequence, error),
      );
      process.send?.(reply);
    });
  });
}

/** Two detectors, and what they found. */
interface Trial {
  events(events: TrialEvents, sequence: number): Promise<TrialAnswer>;
  run(run: TrialRun): Promise<TrialAnswer>;
  finish(): Promise<TrialAnswer>;
}

async function openTrial(setup: TrialSetup): Promise<Trial> {
  const { bundles, pairs, keep } = setup;
  const detectors: Partial<Record<Side, Detector>> = {};
  for (const side of sides) {
    const bundle = bundles[side];
    // Nobody reads the clock of a trial: it dates quarantines, which end with it.
    if (bundle) detectors[side] = await startDetector({ bundle, clock: { now: () => 0 }, maxHeapMb });
  }
  const records = pairs.map((pair) => new PairRecord(detectionsOf(setup, pair), setup));

  const bothSides = async (
    pair: number,
    evaluate: (side: Side, detector: Detector, id: string) => Promise<DetectResult> | undefined,
  ): Promise<Partial<Record<Side, DetectResult>>> => {
    const results: Partial<Record<Side, DetectResult>> = {};
    await Promise.all(
      sides.map(async (side) => {
        const detector = detectors[side];
        const id = pairs[pair]?.[side];
        const result = detector && id !== undefined ? await evaluate(side, detector, id) : undefined;
        if (result) results[side] = result;
      }),
    );
    return results;
  };

  const matchesOf = ({ before, after }: Partial<Record<Side, DetectResult>>): TrialAnswer =>
    setup.returnsMatches ? { matches: { before: before?.matches ?? [], after: after?.matches ?? [] } } : {};

  return {
    events: async ({ pair, logType, rows, marks }, sequence) => {
      const results = await bothSides(pair, (side, detector, detectionId) => {
        const rowsJson = marked(rows, marks[side]);
        if (rowsJson === '[]') return undefined;
        return detector.processHistory({ detectionId, logType, key: String(sequence), rowsJson, keep });
      });
      records[pair]?.addEvents(results);
      return matchesOf(results);
    },
    run: async ({ pair, queryId, scheduledAtMs, rows, truncated }) => {
      const results = await bothSides(pair, (side, detector, detectionId) => {
        const ofSide = rows[side];
        return ofSide && detector.processRows({ queryId, detectionId, scheduledAtMs, rows: ofSide });
      });
      records[pair]?.addRun(results, scheduledAtMs, !truncated);
      return matchesOf(results);
    },
    finish: async () => ({ trials: records.map((record) => record.trial()) }),
  };
}

/** JSON of the rows that a side's condition lets through. */
function marked(rows: readonly string[], marks: string | undefined): string {
  if (marks === undefined) return '[]';
  return `[${(marks.includes('0') ? rows.filter((_, index) => marks[index] === '1') : rows).join(',')}]`;
}

function detectionsOf({ bundles }: TrialSetup, pair: TrialPair): ConstructorParameters<typeof PairRecord>[0] {
  const found = (side: Side) => bundles[side]?.detections.find(({ id }) => id === pair[side]);
  const [before, after] = [found('before'), found('after')];
  return { ...(before ? { before } : {}), ...(after ? { after } : {}) };
}

function failure(sequence: number, error: unknown): TrialReply {
  if (error instanceof MargayError) return { sequence, code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { sequence, code: 'RUNTIME_TRIAL_FAILED', message };
}
