export { type CollectOptions, collectContentTests } from './collect-content-tests.ts';
