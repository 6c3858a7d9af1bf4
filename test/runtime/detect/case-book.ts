import { afterAll } from 'vitest';
import type { Detection, DetectionFunction } from '../../../framework/model/detection.ts';
import { type Detector, type DetectResult, startDetector } from '../../../framework/runtime/detect/index.ts';
import { sampleBatch, sampleBundle, sampleDetection } from './sample-bundle.ts';

/** Many small detections, one per case, in one bundle and one worker. */
export interface CaseBook {
  /** While tests are collected: one more detection, with these functions. Returns its id. */
  add(functions: Partial<Record<DetectionFunction, string>>, changes?: Partial<Detection>): string;
  /** While tests run: the records through that detection alone. */
  run(id: string, records: readonly unknown[]): Promise<DetectResult>;
}

/** Opens a book for the test file that calls it. */
export function openCaseBook(): CaseBook {
  const detections: Detection[] = [];
  const code: string[] = [];
  let started: Promise<Detector> | undefined;
  afterAll(async () => (await started)?.close());
  return {
    add: (functions, changes = {}) => {
      const id = `test/case-${detections.length}`;
      detections.push(sampleDetection({ id, functions: Object.keys(functions) as DetectionFunction[], ...changes }));
      const members = Object.entries(functions).map(([name, text]) => `${name}: ${text}`);
      code.push(`'${id}': { ${members.join(', ')} }`);
      return id;
    },
    run: async (id, records) => {
      const clock = { now: () => 0 };
      started ??= startDetector({ bundle: sampleBundle({ detections, code: `{ ${code.join(', ')} }` }), clock });
      const detector = await started;
      return detector.processBatch(sampleBatch(records), { only: [id] });
    },
  };
}
