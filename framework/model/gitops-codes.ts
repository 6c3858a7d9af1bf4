/** The part of the error codes that the rooms in `gitops/` raise. */
export const gitopsCodes = {
  // gitops/git
  GIT_BASE_UNKNOWN: 'It cannot be told which commit a branch comes from.',
  GIT_FAILED: 'Git could not do what it was asked.',
  GIT_NOT_TEXT: 'A file is to be proposed that is no plain text.',

  // gitops/plan: the policies
  PLAN_COLUMN_REMOVED: 'A column of a query or of a context is removed or gets another type.',
  PLAN_COVERAGE_LOST: 'An ATT&CK technique loses its last live detection.',
  PLAN_DEDUP_CHANGED: 'What groups matches into an alert is changed.',
  PLAN_DESTINATION_REMOVED: 'A destination is removed.',
  PLAN_EVENT_ID_CHANGED: 'What makes a record of a log type unique is changed.',
  PLAN_FIELD_RETYPED: 'A field of a log type is removed or gets another type.',
  PLAN_LEVEL_LOWERED: 'The level of a detection is lowered.',
  PLAN_LOGIC_WITHOUT_TEST: 'The logic of a detection or query is changed, and none of its tests.',
  PLAN_OWNER_MISSING: 'A new or changed detection or query has no owner.',
  PLAN_REMOVED_WHILE_READ: 'A detection is removed and a scheduled query still names it.',
  PLAN_RENAME_WITHOUT_ALIAS: 'A detection is removed and another with the same logic is added.',
  PLAN_RETENTION_SHORTENED: 'Events or rows will be kept for a shorter time.',
  PLAN_RUNBOOK_MISSING: 'A new or changed detection of level high or above has no runbook.',
  PLAN_SCHEDULE_CHANGED: 'A scheduled query runs at other times.',
  PLAN_SILENCED: 'A detection that raised alerts will raise or deliver none.',
  PLAN_SOURCE_KIND_CHANGED: 'A detection reads rows instead of events, or the other way round.',
  PLAN_THRESHOLD_RAISED: 'More matches are needed before an alert.',

  // gitops/github
  GITHUB_BRANCH_MOVED: 'A branch has commits of others, which a proposal would drop.',
  GITHUB_FORBIDDEN: 'A token may not do on GitHub what was asked.',
  GITHUB_OWNER_INVALID: 'An owner of content is neither a person nor a team at GitHub, nor an address.',
  GITHUB_REFUSED: 'GitHub refuses what was asked.',
  GITHUB_REPOSITORY_INVALID: 'What is to be a repository on GitHub is not named owner/name.',
  GITHUB_TOKEN_MISSING: 'A command needs a token for GitHub, and there is none.',
  GITHUB_TOKEN_REFUSED: 'GitHub does not accept a token.',
  GITHUB_UNREACHABLE: 'GitHub does not answer, or fails.',
} as const;
