export type { DetectorRooms } from './answer-request.ts';
export type {
  Detector,
  DetectorOptions,
  DetectResult,
  QuarantinedDetection,
  RowsInput,
} from './detector.ts';
export { type EventTestResult, type FieldDifference, runEventTests } from './run-event-tests.ts';
export { serveDetector } from './serve-detector.ts';
export { startDetector } from './start-detector.ts';
