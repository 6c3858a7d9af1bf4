/**
 * The public door: what detections and `margay.config.ts` import. Pure; safe to run in the guarded worker.
 *
 * @packageDocumentation
 */
export type { Level } from './model/level.ts';
