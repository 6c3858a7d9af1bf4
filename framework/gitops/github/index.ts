export { type CheckAnnotation, type CheckReport, reportCheck } from './check-run.ts';
export { type DraftedCodeowners, draftCodeowners, type OwnedItem } from './codeowners.ts';
export { type DeploymentReport, reportDeployment } from './deployment.ts';
export { type Github, openGithub } from './open-github.ts';
export { type Proposal, type Proposed, proposeChanges } from './propose-changes.ts';
export { findOpenPullRequest } from './pull-request.ts';
export { openRevertPullRequest } from './revert-pull-request.ts';
export { applySetup, type GithubSetup, readSetup, type SetupChange } from './setup.ts';
export { writeStickyComment } from './sticky-comment.ts';
