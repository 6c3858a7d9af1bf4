export type { ArchivedBatch } from './archive-text.ts';
export { type Archive, openArchive } from './open-archive.ts';
