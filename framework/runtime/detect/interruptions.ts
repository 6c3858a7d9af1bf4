import type { Clock } from '../../model/clock.ts';
import type { Detection } from '../../model/detection.ts';
import type { QuarantinedDetection } from './detector.ts';
import type { Stop } from './guarded-worker.ts';
import { type Interruption, requestKey, type WorkerRequest } from './worker-messages.ts';

/** What stopped workers so far. */
export interface Interruptions {
  /** Blames the detection that the worker was in. */
  add(request: WorkerRequest, stop: Stop): void;
  all(): readonly Interruption[];
  /** The detections that were stopped by the work of this key. */
  quarantinedBy(key: string): readonly QuarantinedDetection[];
}

/** Starts with none. */
export function createInterruptions(detections: readonly Detection[], clock: Clock): Interruptions {
  const entries: { readonly interruption: Interruption; readonly quarantined: QuarantinedDetection }[] = [];
  return {
    add: (request, stop) => {
      const { detection, event, functionName } = stop.at;
      const blamed = detections[detection];
      if (!blamed) return;
      const message = describeStop(stop);
      const errorClass = stop.cause === 'hang' ? 'Timeout' : 'OutOfMemory';
      const { sequence, work } = request;
      const reason = `${message} It is stopped until it changes, or somebody lifts the quarantine.`;
      entries.push({
        interruption: { detection, key: requestKey(work), sequence, event, functionName, errorClass, message },
        quarantined: { ruleId: blamed.id, version: blamed.version, reason, quarantinedAtMs: clock.now() },
      });
    },
    all: () => entries.map(({ interruption }) => interruption),
    quarantinedBy: (key) => {
      const blamed = new Map<string, QuarantinedDetection>();
      for (const { interruption, quarantined } of entries) {
        const name = `${quarantined.ruleId} ${quarantined.version}`;
        if (interruption.key === key && !blamed.has(name)) blamed.set(name, quarantined);
      }
      return [...blamed.values()];
    },
  };
}

function describeStop({ cause, at, message }: Stop): string {
  const name = at.functionName === 'condition' ? 'The condition' : `'${at.functionName}'`;
  return cause === 'hang' ? `${name} ${message}.` : `${name} took the worker down: ${message}`;
}
