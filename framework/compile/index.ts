export type { ContentCache } from './cache/content-cache.ts';
export { openCache } from './cache/open-cache.ts';
export { type CompileResult, compileContent } from './compile-content.ts';
export { formatQueries } from './format-queries.ts';
export { buildLineage } from './lineage/build-lineage.ts';
export { writeTypes } from './write-types.ts';
