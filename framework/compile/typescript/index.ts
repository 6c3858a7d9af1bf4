export { lintPurity } from './lint-purity.ts';
