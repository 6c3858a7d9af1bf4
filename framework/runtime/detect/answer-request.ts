import type { DeadLetter, Event } from '../../model/event.ts';
import type { BatchRecord } from '../../model/log-record.ts';
import type { LogType } from '../../model/log-type.ts';
import type { RuleMatch } from '../../model/rule-match.ts';
import type { Row } from '../../model/table.ts';
import { batchDeadLetter } from './batch-dead-letter.ts';
import type { HistoryInput, RowsInput } from './detector.ts';
import { type DetectionSet, logTypesOf, type ReadyDetection } from './evaluate/detection-set.ts';
import { type Evaluator, evaluateSubjects } from './evaluate/evaluate-subjects.ts';
import { eventSubject, rowSubject } from './evaluate/subject.ts';
import type { Progress } from './progress.ts';
import type { ContentRealm } from './realm/content-realm.ts';
import { type Interruption, requestKey, type Work, type WorkerMessage, type WorkerRequest } from './worker-messages.ts';

/** What the worker needs of other rooms. */
export interface DetectorRooms {
  readonly normalise: (
    batch: BatchRecord,
    logType: LogType,
  ) => { readonly events: readonly Event[]; readonly deadLetters: readonly DeadLetter[] };
  /** The event of a row of its log type's table. */
  readonly readRow: (row: Row, logType: LogType) => Event;
}

/** What the worker answers with. */
export interface Answering extends DetectorRooms {
  readonly set: DetectionSet;
  readonly realm: ContentRealm;
  readonly progress: Progress;
  readonly logTypes: ReadonlyMap<string, LogType>;
  readonly interruptions: readonly Interruption[];
}

/** Evaluates one request. */
export function answerRequest(answering: Answering, request: WorkerRequest): WorkerMessage {
  const { sequence } = request;
  answering.progress.request(sequence);
  try {
    return { kind: 'result', sequence, result: evaluateWork(answering, request) };
  } catch (error) {
    return failedAnswer(request, error);
  }
}

/** The answer to a request that cannot be evaluated, or whose result cannot be sent. */
export function failedAnswer({ sequence, work }: WorkerRequest, error: unknown): WorkerMessage {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (work.kind !== 'batch') return { kind: 'failed', sequence, message };
  const deadLetter = batchDeadLetter(work.batch, 'DETECT_EVALUATION_FAILED', `${message}.`);
  return { kind: 'result', sequence, result: emptyResult([deadLetter]) };
}

/** Whether a detection is evaluated, and whether to the end: one that is stopped at this very request is not. */
interface Verdict {
  readonly runs: boolean;
  readonly isWhole: boolean;
}

function evaluateWork(answering: Answering, request: WorkerRequest) {
  const { work } = request;
  const before = answering.interruptions.filter(({ sequence }) => sequence <= request.sequence);
  const here = before.filter(({ key }) => key === requestKey(work));
  const stopped = new Set(before.map(({ detection }) => detection));
  const evaluator: Evaluator = { realm: answering.realm, progress: answering.progress, interruptions: here };
  const verdict = (ready: ReadyDetection): Verdict => {
    const stoppedHere = here.some(({ detection }) => detection === ready.index);
    const isStopped = stopped.has(ready.index) || answering.set.isStopped(ready);
    return { runs: stoppedHere || !isStopped, isWhole: !isStopped };
  };
  if (work.kind === 'batch') return evaluateBatch(answering, evaluator, work, verdict);
  if (work.kind === 'history') return evaluateHistory(answering, evaluator, work.input, verdict);
  return evaluateRows(answering, evaluator, work.input, verdict);
}

function evaluateBatch(
  answering: Answering,
  evaluator: Evaluator,
  { batch, only }: Extract<Work, { kind: 'batch' }>,
  verdict: (ready: ReadyDetection) => Verdict,
) {
  const logType = answering.logTypes.get(batch.logType);
  if (logType === undefined) return emptyResult([logTypeUnknown(batch)]);
  const { events, deadLetters } = answering.normalise(batch, logType);
  const reading = only
    ? answering.set.all.filter(({ detection }) => {
        return only.includes(detection.id) && logTypesOf(detection).includes(batch.logType);
      })
    : (answering.set.byLogType.get(batch.logType) ?? []);
  const running = reading.filter((ready) => verdict(ready).runs);
  const stopped = reading.filter((ready) => !verdict(ready).isWhole).map(({ detection }) => detection.id);
  return { ...evaluateSubjects(evaluator, events.map(eventSubject), running), deadLetters, stopped };
}

function evaluateRows(
  answering: Answering,
  evaluator: Evaluator,
  input: RowsInput,
  verdict: (ready: ReadyDetection) => Verdict,
) {
  const { detectionId, stage } = input;
  const ready = answering.set.all.find((it) => it.detection.id === detectionId && (stage ?? it.stage) === it.stage);
  if (ready === undefined || ready.detection.mode === 'off') return emptyResult([]);
  const { runs, isWhole } = verdict(ready);
  const stopped = isWhole ? [] : [ready.detection.id];
  if (!runs) return { ...emptyResult([]), stopped };
  const subjects = input.rows.map((row) => rowSubject(row, input, ready.detection));
  return { ...evaluateSubjects(evaluator, subjects, [ready]), deadLetters: [], stopped };
}

function evaluateHistory(
  answering: Answering,
  evaluator: Evaluator,
  input: HistoryInput,
  verdict: (ready: ReadyDetection) => Verdict,
) {
  const ready = answering.set.all.find(({ detection }) => detection.id === input.detectionId);
  const logType = answering.logTypes.get(input.logType);
  if (ready === undefined || logType === undefined) return emptyResult([]);
  const { runs, isWhole } = verdict(ready);
  const stopped = isWhole ? [] : [ready.detection.id];
  if (!runs) return { ...emptyResult([]), stopped };
  const rows = JSON.parse(input.rowsJson) as readonly Row[];
  const subjects = rows.map((row) => eventSubject(answering.readRow(row, logType)));
  const found = evaluateSubjects(evaluator, subjects, [ready]);
  return { ...found, matches: found.matches.map((match) => slimMatch(match, input.keep)), deadLetters: [], stopped };
}

/** What travels costs more than what is evaluated. */
function slimMatch(match: RuleMatch, keep: HistoryInput['keep']): RuleMatch {
  if (keep === 'all') return match;
  const bare = { ...match, event: {}, description: '', runbook: '', references: [] };
  return keep === 'values' ? bare : { ...bare, title: '', context: {}, indicators: {} };
}

function emptyResult(deadLetters: readonly DeadLetter[]) {
  return { matches: [], errors: [], errorCounts: [], deadLetters, eventCount: 0, stopped: [] };
}

function logTypeUnknown(batch: BatchRecord): DeadLetter {
  return batchDeadLetter(batch, 'DETECT_LOG_TYPE_UNKNOWN', `The bundle has no log type '${batch.logType}'.`);
}
