import type { DetectionFunction } from '../../model/detection.ts';
import { detectionFunctions } from '../../model/detection.ts';

/** What the worker is doing. `framework` is our own code: parsing, normalising, answering. */
export type Phase = 'starting' | 'loading' | 'framework' | 'content';

/** What the worker may be held up in: the YAML's condition, or a function of the TypeScript. */
export type GuardedFunction = 'condition' | DetectionFunction;

/** Where the worker was when it was last looked at. */
export interface Snapshot {
  /** Changes whenever the worker comes further. */
  readonly beat: number;
  readonly phase: Phase;
  /** Sequence number of the request. */
  readonly request: number;
  readonly event: number;
  /** Index of the detection in the bundle. */
  readonly detection: number;
  readonly functionName: GuardedFunction;
}

const phases: readonly Phase[] = ['starting', 'loading', 'framework', 'content'];
const guarded: readonly GuardedFunction[] = ['condition', ...detectionFunctions];
const cell = { beat: 0, phase: 1, request: 2, event: 3, detection: 4, function: 5 } as const;
const contentPhase = phases.indexOf('content');
const functionIndex: ReadonlyMap<string, number> = new Map(guarded.map((name, index) => [name, index]));

/** Shared memory in which the worker says where it is; a thread that hangs can say it no other way. */
export function createProgressCells(): SharedArrayBuffer {
  return new SharedArrayBuffer(Object.keys(cell).length * Int32Array.BYTES_PER_ELEMENT);
}

/** Reads the cells. */
export function readProgress(cells: SharedArrayBuffer): Snapshot {
  const view = new Int32Array(cells);
  const read = (index: number): number => Atomics.load(view, index);
  return {
    beat: read(cell.beat),
    phase: phases[read(cell.phase)] ?? 'framework',
    request: read(cell.request),
    event: read(cell.event),
    detection: read(cell.detection),
    functionName: guarded[read(cell.function)] ?? 'rule',
  };
}

/** Writes the cells, in the worker. */
export interface Progress {
  /** Our own code runs from here on. */
  enter(phase: Exclude<Phase, 'content'>): void;
  request(sequence: number): void;
  event(index: number): void;
  /** Content, or a condition over hostile data, runs from here on. */
  content(detection: number, functionName: GuardedFunction): void;
}

/** Opens the cells for writing. */
export function trackProgress(cells: SharedArrayBuffer): Progress {
  const view = new Int32Array(cells);
  let beats = 0;
  const beat = (): void => {
    beats = (beats + 1) | 0;
    Atomics.store(view, cell.beat, beats);
  };
  return {
    enter: (phase) => {
      Atomics.store(view, cell.phase, phases.indexOf(phase));
      beat();
    },
    request: (sequence) => {
      Atomics.store(view, cell.request, sequence);
      beat();
    },
    event: (index) => {
      Atomics.store(view, cell.event, index);
    },
    content: (detection, functionName) => {
      Atomics.store(view, cell.detection, detection);
      Atomics.store(view, cell.function, functionIndex.get(functionName) ?? 0);
      Atomics.store(view, cell.phase, contentPhase);
      beat();
    },
  };
}
