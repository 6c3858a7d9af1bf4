/**
 * The public door: what detections and `margay.config.ts` import. Pure; safe to run in the guarded worker.
 *
 * @packageDocumentation
 */
export * from './content/index.ts';
export type { EnvReference } from './model/destination.ts';
export type { Level } from './model/level.ts';
export { getPath as get } from './model/path.ts';
