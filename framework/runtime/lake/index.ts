export { type LakeOptions, type OpenLake, openLake } from './open-lake.ts';
