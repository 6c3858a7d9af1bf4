export { closeNetwork } from './close-network.ts';
export type { Detector, DetectResult, ErrorCount, HistoryInput, RowsInput } from './detector.ts';
export { type EventTestResult, runEventTests } from './run-event-tests.ts';
export { serveDetector } from './serve-detector.ts';
export { startDetector } from './start-detector.ts';
