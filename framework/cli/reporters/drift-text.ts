import type { PlanBase, PlanDrift, PlanItem } from '../../model/plan.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';
import { describeBase } from './plan-words.ts';
import { plural } from './problems.ts';

/** Where a repository and what is live differ; items as a publish would change them. */
export interface DriftReport {
  readonly live: PlanBase;
  readonly bundle: { readonly digest: string };
  readonly items: readonly PlanItem[];
}

const whereIs = { added: 'only in the repository', removed: 'only live', changed: 'differs' } as const;

/** The items that differ, a line each. */
export function renderDrift({ live, items }: DriftReport, colors: Colors): string {
  const against = visibleLine(describeBase(live));
  if (items.length === 0) return `No drift: the repository is what is live at ${against}.`;
  const lines = items.map(({ kind, id, change, aspects }) => {
    const rest = change === 'changed' ? `${whereIs.changed}: ${aspects.join(', ')}` : whereIs[change];
    return `  ${kind.padEnd(11)} ${colors.bold(visibleLine(id))}  ${rest}`;
  });
  return [`${plural(items.length, 'item')} of the repository and of ${against} differ:`, ...lines].join('\n');
}

/** The drift that a plan found, in one paragraph. */
export function describeDrift({ commit, items }: PlanDrift): string {
  const names = items.slice(0, 10).map(({ kind, id }) => `${kind} ${id}`);
  const rest = items.length > 10 ? ` and ${items.length - 10} more` : '';
  return `${plural(items.length, 'live item')} ${items.length === 1 ? 'is' : 'are'} other than in commit ${commit.slice(0, 12)}, from which this work comes: ${names.join(', ')}${rest}. Somebody rolled back or published from elsewhere, the commit was not published, or this branch is behind.`;
}
