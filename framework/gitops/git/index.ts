export { extractCommit } from './extract-commit.ts';
export { findMergeBase } from './merge-base.ts';
