export type { CollectOptions, ContentTestMeta } from './collect-content-tests.ts';
export { collectContentTests } from './collect-content-tests.ts';
