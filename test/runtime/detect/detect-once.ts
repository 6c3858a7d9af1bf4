import { afterEach } from 'vitest';
import type { DetectorOptions, DetectResult } from '../../../framework/runtime/detect/detector.ts';
import { type Detector, startDetector } from '../../../framework/runtime/detect/index.ts';
import { type SampleContent, sampleBatch, sampleBundle } from './sample-bundle.ts';

const clock = { now: () => Date.UTC(2026, 0, 3) };
const open: Detector[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((detector) => detector.close()));
});

/** A detector that is closed after the test. */
export async function openDetector(
  content: SampleContent,
  options: Partial<Omit<DetectorOptions, 'bundle'>> = {},
): Promise<Detector> {
  const detector = await startDetector({ bundle: sampleBundle(content), clock, ...options });
  open.push(detector);
  return detector;
}

/** The result of one batch. */
export async function detectOnce(content: SampleContent, records: readonly unknown[]): Promise<DetectResult> {
  const detector = await openDetector(content);
  return detector.processBatch(sampleBatch(records));
}
