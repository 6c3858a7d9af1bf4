export type { LogFile, LogHold, OpenLog } from './hold-log.ts';
export { type LogOptions, openLog } from './open-log.ts';
export type { LogNotice } from './scan-segment.ts';
