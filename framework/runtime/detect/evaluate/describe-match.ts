import { getPath } from '../../../model/path.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import { renderTemplate } from '../../../model/template.ts';
import { callFunction, type Tools } from './call-function.ts';
import { boundKey, dedupKey, textOf } from './dedup-key.ts';
import type { ReadyDetection } from './detection-set.ts';
import { matchContext } from './match-context.ts';
import { levelType, textListType, textType } from './return-types.ts';
import type { Subject } from './subject.ts';

/** What a detection says of a match. */
export type MatchDescription = Pick<
  RuleMatch,
  'title' | 'description' | 'references' | 'level' | 'runbook' | 'destinations' | 'dedup' | 'context' | 'unique'
>;

/** @source Panther, limits of `title` and `destinations`. */
const maxTitleChars = 1_000;
const maxListItems = 10;
const maxTextChars = 10_000;

/**
 * What a detection says of a match, function by function in Panther's order. A function that is absent or returns
 * `undefined` leaves it to the YAML. So does one that fails, and an error is recorded: no error loses a match.
 * Failing `destinations` lead to normal routing, failing `unique` to no value.
 */
export function describeMatch(tools: Tools, ready: ReadyDetection, subject: Subject): MatchDescription {
  const { detection } = ready;
  const text = (name: 'title' | 'description' | 'runbook'): string | undefined => {
    const answer = callFunction(tools, ready, subject, name, textType);
    return answer.kind === 'value' ? answer.value : undefined;
  };
  const title = cutText(text('title') ?? titleOf(ready, subject), maxTitleChars);
  const description = cutText(text('description') ?? detection.description, maxTextChars);
  const references = listOf(tools, ready, subject, 'references');
  const level = callFunction(tools, ready, subject, 'level', levelType);
  const runbook = cutText(text('runbook') ?? detection.runbook, maxTextChars);
  const destinations = listOf(tools, ready, subject, 'destinations');
  return {
    title,
    description,
    references: references === 'failed' ? detection.references : (references ?? detection.references),
    level: level.kind === 'value' ? level.value : detection.level,
    runbook,
    destinations: destinations === 'failed' ? undefined : (destinations ?? detection.destinations),
    dedup: dedupOf(tools, ready, subject, title),
    context: matchContext(tools, ready, subject),
    unique: uniqueOf(tools, ready, subject),
  };
}

function titleOf(ready: ReadyDetection, subject: Subject): string {
  return renderTemplate(ready.title, subject.record) || ready.detection.title || ready.detection.id;
}

function dedupOf(tools: Tools, ready: ReadyDetection, subject: Subject, title: string): string {
  const answer = callFunction(tools, ready, subject, 'dedup', textType);
  if (answer.kind === 'value') return boundKey(answer.value);
  const { by } = ready.detection.dedup;
  return by.length > 0 ? dedupKey(subject.record, by) : title;
}

function uniqueOf(tools: Tools, ready: ReadyDetection, subject: Subject): string | undefined {
  const answer = callFunction(tools, ready, subject, 'unique', textType);
  if (answer.kind === 'failed') return undefined;
  const field = ready.detection.unique;
  const value = answer.kind === 'value' ? answer.value : field && textOf(getPath(subject.record, field));
  return value === undefined ? undefined : boundKey(value);
}

function listOf(
  tools: Tools,
  ready: ReadyDetection,
  subject: Subject,
  name: 'references' | 'destinations',
): readonly string[] | undefined | 'failed' {
  const answer = callFunction(tools, ready, subject, name, textListType);
  if (answer.kind !== 'value') return answer.kind === 'failed' ? 'failed' : undefined;
  const distinct = [...new Set(answer.value)];
  if (distinct.length > maxListItems) {
    const message = `${name} returned ${distinct.length} items; the first ${maxListItems} are kept.`;
    tools.errors.add(ready, name, subject, 'LimitExceeded', message);
  }
  return distinct.slice(0, maxListItems);
}

/** A text of at most so many characters, with `…` where it was cut; no half of a surrogate pair is left. */
function cutText(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
