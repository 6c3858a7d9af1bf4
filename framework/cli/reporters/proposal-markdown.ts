import type { Bundle } from '../../model/bundle.ts';
import type { Plan, PlanItem } from '../../model/plan.ts';
import { inlineCode } from './markdown.ts';
import { fillUp, planParts } from './plan-markdown.ts';
import { countChanges } from './plan-words.ts';
import { plural } from './problems.ts';

/** What a detection of a proposal covers. */
export interface ProposedCoverage {
  readonly detection: string;
  /** ATT&CK techniques, as `T1098.001`. */
  readonly techniques: readonly string[];
  /** Those that no live detection covered before. */
  readonly gained: readonly string[];
}

/** What the new and changed detections of a plan cover, by id. */
export function proposedCoverage(
  { items, coverage }: Plan,
  { detections }: Bundle,
  techniquesAmong: (tags: readonly string[]) => readonly string[],
): readonly ProposedCoverage[] {
  const touched = items.filter(({ kind, change }) => kind === 'detection' && change !== 'removed');
  return touched.flatMap(({ id }) => {
    const techniques = techniquesAmong(detections.find((it) => it.id === id)?.tags ?? []);
    return [{ detection: id, techniques, gained: techniques.filter((it) => coverage.gained.includes(it)) }];
  });
}

/** The title of a pull request: `Add detection okta/x`, `Add 2 detections and change 1 query`. */
export function proposalTitle({ items }: Plan, files: readonly { readonly path: string }[]): string {
  const [only] = items;
  if (only && items.length === 1) return `${verbs[only.change]} ${nameOf(only.kind)} ${only.id}`;
  const groups = items.map(({ change, kind }) => `${change} ${kind}`);
  const counted = [...new Set(groups)].map((group) => {
    const [change, kind] = group.split(' ') as [PlanItem['change'], PlanItem['kind']];
    const count = groups.filter((it) => it === group).length;
    const named = nameOf(kind);
    return `${verbs[change]} ${plural(count, named, named.endsWith('y') ? `${named.slice(0, -1)}ies` : `${named}s`)}`;
  });
  if (counted.length === 0) return files.length === 1 ? `Change ${files[0]?.path}` : `Change ${files.length} files`;
  const [first, ...rest] = counted as [string, ...string[]];
  return [first, ...rest.map((it) => it.charAt(0).toLowerCase() + it.slice(1))]
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');
}

/** GitHub takes no more as the text of a pull request; a person's words need room too. */
const maxLength = 50_000;

/** The Markdown of a pull request: what changes, how its tests went, what it covers, what the policies say. */
export function renderProposal(plan: Plan, coverage: readonly ProposedCoverage[]): string {
  const lines = coverage.map(({ detection, techniques, gained }) => {
    const named = techniques.map((it) => (gained.includes(it) ? `**${it}** (new)` : it)).join(', ');
    return `- ${inlineCode(detection)}: ${named || 'no technique'}`;
  });
  const attack = lines.length === 0 ? [] : [`**MITRE ATT&CK** of what is new or changed:\n\n${lines.join('\n')}`];
  const untested = plan.tests ? [] : ['**Tests**: none of what changes has tests.'];
  const head = plan.items.length === 0 ? 'No item changes.' : `${countChanges(plan)}.`;
  return fillUp(head, [...untested, ...attack, ...planParts(plan)], maxLength).trimEnd();
}

const verbs: Readonly<Record<PlanItem['change'], string>> = { added: 'Add', changed: 'Change', removed: 'Remove' };

function nameOf(kind: PlanItem['kind']): string {
  return kind.replace('-', ' ');
}
