export { type CompileResult, compileContent } from './compile-content.ts';
export { formatQueries } from './format-queries.ts';
export { buildLineage } from './lineage/build-lineage.ts';
export { writeTypes } from './write-types.ts';
