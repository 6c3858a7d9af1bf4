import type { Bundle } from '../../model/bundle.ts';
import type { CoverageChange } from '../../model/plan.ts';

/** The ATT&CK techniques that live detections of a bundle are tagged with, as `T1098.001`, in order. */
export function coveredTechniques(bundle: Bundle | undefined): readonly string[] {
  const live = (bundle?.detections ?? []).filter(({ mode }) => mode === 'live');
  return [...new Set(live.flatMap(({ tags }) => tags.flatMap(techniquesOf)))].sort();
}

/** What techniques are gained and lost between two bundles. */
export function compareCoverage(before: Bundle | undefined, after: Bundle): CoverageChange {
  const [had, has] = [coveredTechniques(before), coveredTechniques(after)];
  return {
    before: had.length,
    after: has.length,
    gained: has.filter((technique) => !had.includes(technique)),
    lost: had.filter((technique) => !has.includes(technique)),
  };
}

/** The ATT&CK techniques among the tags of a detection, in order. */
export function techniquesAmong(tags: readonly string[]): readonly string[] {
  return [...new Set(tags.flatMap(techniquesOf))].sort();
}

/** The technique of a Sigma tag such as `attack.t1098.001`. */
function techniquesOf(tag: string): readonly string[] {
  const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1];
  return technique === undefined ? [] : [technique.toUpperCase()];
}
