import { columnRemoved } from './column-removed.ts';
import { coverageLost } from './coverage-lost.ts';
import { dedupChanged } from './dedup-changed.ts';
import { destinationRemoved } from './destination-removed.ts';
import { eventIdChanged } from './event-id-changed.ts';
import { fieldRetyped } from './field-retyped.ts';
import { levelLowered } from './level-lowered.ts';
import { logicWithoutTest } from './logic-without-test.ts';
import { ownerMissing } from './owner-missing.ts';
import type { Policy } from './policy.ts';
import { removedWhileRead } from './removed-while-read.ts';
import { renameWithoutAlias } from './rename-without-alias.ts';
import { retentionShortened } from './retention-shortened.ts';
import { runbookMissing } from './runbook-missing.ts';
import { scheduleChanged } from './schedule-changed.ts';
import { silenced } from './silenced.ts';
import { sourceKindChanged } from './source-kind-changed.ts';
import { thresholdRaised } from './threshold-raised.ts';

/** Every policy, by code. */
export const policies: readonly Policy[] = [
  columnRemoved,
  coverageLost,
  dedupChanged,
  destinationRemoved,
  eventIdChanged,
  fieldRetyped,
  levelLowered,
  logicWithoutTest,
  ownerMissing,
  removedWhileRead,
  renameWithoutAlias,
  retentionShortened,
  runbookMissing,
  scheduleChanged,
  silenced,
  sourceKindChanged,
  thresholdRaised,
];
