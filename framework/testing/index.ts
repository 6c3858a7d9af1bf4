export type { RunContentTestsOptions } from './run-content-tests.ts';
export { runContentTests } from './run-content-tests.ts';
