export { encodeRows } from './encode-rows.ts';
export type { PackedTable } from './events-to-write.ts';
export { type LakeOptions, type OpenLake, openLake } from './open-lake.ts';
export { packRows } from './pack-rows.ts';
