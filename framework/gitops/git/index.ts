export {
  describeCheckout,
  isInHistory,
  type PlaceInCheckout,
  placeInCheckout,
  readAuthor,
  remoteBranch,
} from './describe-checkout.ts';
export { extractCommit } from './extract-commit.ts';
export { findMergeBase } from './merge-base.ts';
export { knownPaths, type StagedFile, stageWork } from './stage-work.ts';
