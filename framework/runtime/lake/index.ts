export { encodeRow } from './encode-row.ts';
export type { PackedTable } from './events-to-write.ts';
export type { FrozenLake } from './freeze-lake.ts';
export { type LakeOptions, type OpenLake, openLake } from './open-lake.ts';
export { restoreState } from './restore-state.ts';
export { RowPacker } from './row-packer.ts';
