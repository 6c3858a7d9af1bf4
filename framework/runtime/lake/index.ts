export type { EventsToWrite } from './lake-store.ts';
export { type LakeOptions, type OpenLake, openLake } from './open-lake.ts';
