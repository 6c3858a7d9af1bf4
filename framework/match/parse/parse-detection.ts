import type { Condition } from '../../model/condition.ts';
import { isRecord } from '../../model/path.ts';
import { type FieldUse, type PathProblem, Place } from '../path-problem.ts';
import { linkConditions } from './link-conditions.ts';
import { parseCondition } from './parse-condition.ts';
import { parseSelection } from './parse-selection.ts';
import { eventScope } from './scope.ts';
import { makeSelections, type Selections } from './selections.ts';

/** What a detection says. */
export interface ParsedDetection {
  /** Absent when there is an error. */
  readonly condition?: Condition;
  /** The fields that it reads, dotted from the event down, each with the path of the key (or value) that names it. */
  readonly fields: readonly FieldUse[];
  /** Everything that is wrong, in the order it is written. */
  readonly problems: readonly PathProblem[];
}

/**
 * Reads the value under `detection:` of a Sigma rule: selections and their condition. Finds every problem,
 * and never throws, whatever the value is.
 *
 * @source Sigma specification 2.1.0, "Detection"; pySigma for escapes and wildcards. Our extension:
 * `field|any: {…}` and `field|all: {…}` over arrays of objects.
 */
export function parseDetection(detection: unknown): ParsedDetection {
  const place = new Place();
  if (!isRecord(detection)) {
    place.report('MATCH_DETECTION_INVALID', 'A detection is a map of selections and a condition.', {
      hint: "Write 'selection: { field: value }' and 'condition: selection'.",
    });
    return { fields: [], problems: place.problems };
  }
  const parsed = new Map<string, Condition | undefined>();
  for (const [name, value] of Object.entries(detection)) {
    if (name === 'condition') continue;
    if (name === 'timeframe') reportTimeframe(place.at(name));
    else parsed.set(name, parseSelection(value, eventScope(place.at(name))));
  }
  const selections = makeSelections(parsed);
  const condition = parseConditions(detection, selections, place);
  if (condition) reportUnused(selections, place);
  const hasErrors = place.problems.some((problem) => problem.severity === 'error');
  return { ...(condition && !hasErrors ? { condition } : {}), fields: place.fields, problems: place.problems };
}

/** A list of conditions holds when one of them does. */
function parseConditions(
  detection: Readonly<Record<string, unknown>>,
  selections: Selections,
  place: Place,
): Condition | undefined {
  const { condition } = detection;
  if (condition === undefined || condition === null || (Array.isArray(condition) && condition.length === 0)) {
    const names = selections.names();
    place.report('MATCH_CONDITION_MISSING', 'The detection has no condition.', {
      hint:
        names.length > 0
          ? `Write 'condition: ${names.join(' and ')}'.`
          : "Write 'selection: { field: value }' and 'condition: selection'.",
    });
    return undefined;
  }
  if (!Array.isArray(condition)) return parseText(condition, selections, place.at('condition'));
  const branches = condition.map((text: unknown, index) =>
    parseText(text, selections, place.at('condition').at(index)),
  );
  return branches.includes(undefined) ? undefined : linkConditions(branches as readonly Condition[], 'or');
}

function parseText(text: unknown, selections: Selections, place: Place): Condition | undefined {
  // A selection may be named 1, and YAML reads that as a number.
  if (typeof text === 'string' || typeof text === 'number') return parseCondition(String(text), selections, place);
  place.report('MATCH_CONDITION_SYNTAX', 'A condition is a text, or a list of texts.', {
    hint: "Write 'condition: selection and not filter'.",
  });
  return undefined;
}

function reportTimeframe(place: Place): void {
  place.report('MATCH_TIMEFRAME_IGNORED', "'timeframe' belongs to Sigma's deprecated aggregations and does nothing.", {
    hint: 'Use `dedup: { period: … }` with `threshold`.',
    about: 'key',
    severity: 'finding',
  });
}

function reportUnused(selections: Selections, place: Place): void {
  for (const name of selections.unused()) {
    place.at(name).report('MATCH_SELECTION_UNUSED', `The condition does not use the selection '${name}'.`, {
      hint: `Add it to the condition, or name it '_${name}'.`,
      about: 'key',
      severity: 'finding',
    });
  }
}
