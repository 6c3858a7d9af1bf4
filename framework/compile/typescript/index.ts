export { type BundledCode, type BundledDetection, bundleCode, type CodeEntry } from './bundle-code.ts';
export { checkTypes } from './check-types.ts';
export { type ConfiguredLogType, type EvaluatedConfig, evaluateConfig } from './evaluate-config.ts';
export { lintPurity } from './lint-purity.ts';
