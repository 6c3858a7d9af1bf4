import { formatWhere } from '../../model/margay-error.ts';
import type { Plan, PlanBacktest, PlanFinding, PlanItem } from '../../model/plan.ts';
import { describePlanMute } from './describe-mute.ts';
import { describeDrift } from './drift-text.ts';
import { escapeMarkdown, fence, inlineCode } from './markdown.ts';
import {
  changeSigns,
  countChanges,
  countFindings,
  describeBacktest,
  describeBase,
  describeChange,
  describeFields,
  shortDigest,
} from './plan-words.ts';

/** What GitHub takes as the text of a comment, in characters. */
const maxCommentLength = 65_536;

/** Marks the one comment of a pull request that is updated in place. */
export const planMarker = '<!-- margay:plan -->';

/**
 * A plan as the Markdown of a pull request's comment. Everything that comes from content is escaped: a title cannot
 * mention people, link, or close a block. What does not fit is left out from the end, details first, and counted.
 *
 * @param maxLength - In characters. @defaultValue 65,536, what GitHub takes
 */
export function renderPlanMarkdown(plan: Plan, maxLength = maxCommentLength): string {
  const head = [
    planMarker,
    `## ${plan.blocked ? '⛔' : '✅'} margay plan`,
    plan.items.length === 0 ? 'No changes.' : `${countChanges(plan)}.${sentence(countFindings(plan))}`,
    `Bundle ${inlineCode(shortDigest(plan.bundle.digest))} against ${escapeMarkdown(describeBase(plan.base))}`,
  ].join('\n\n');
  return fillUp(head, planParts(plan), maxLength);
}

/** What a plan says, the most important first. */
export function planParts(plan: Plan): readonly string[] {
  return [
    ...(plan.drift ? [`### Drift\n\n${escapeMarkdown(describeDrift(plan.drift))}`] : []),
    ...(plan.mutes
      ? [`### Muted\n\n${plan.mutes.map((it) => `- ${escapeMarkdown(describePlanMute(it))}`).join('\n')}`]
      : []),
    ...findingParts(plan),
    ...tableParts(plan.items),
    ...testParts(plan),
    ...backtestParts(plan.backtests),
    ...coverageParts(plan),
    ...affectedParts(plan),
    ...plan.items.flatMap(detailParts),
  ];
}

/** As many parts as fit, in order, and how many are left out. */
export function fillUp(head: string, parts: readonly string[], maxLength: number): string {
  const note = (count: number): string => `\n\n_${count} parts of this plan are left out; \`margay plan\` shows them._`;
  const room = maxLength - note(parts.length).length - 1;
  let text = head;
  let left = 0;
  for (const part of parts) {
    if (left === 0 && text.length + part.length + 2 <= room) text += `\n\n${part}`;
    else left += 1;
  }
  return `${left === 0 ? text : text + note(left)}\n`;
}

function findingParts({ findings }: Plan): readonly string[] {
  const group = (title: string, chosen: readonly PlanFinding[]): readonly string[] =>
    chosen.length === 0 ? [] : [`### ${title}`, ...inRows(chosen.map(renderFinding), 20)];
  const open = findings.filter(({ waived }) => !waived);
  return [
    ...group(
      '⛔ Errors',
      open.filter(({ severity }) => severity === 'error'),
    ),
    ...group(
      '⚠️ Warnings',
      open.filter(({ severity }) => severity === 'warning'),
    ),
    ...group(
      'Notes',
      open.filter(({ severity }) => severity === 'info'),
    ),
    ...group(
      'Waived',
      findings.filter(({ waived }) => waived),
    ),
  ];
}

function renderFinding({ policy, message, hint, where, waived }: PlanFinding): string {
  const place = where ? ` (${inlineCode(formatWhere(where))})` : '';
  const rest = waived ? `Until ${waived.until}: ${waived.reason}` : hint;
  return `- **${policy}** ${escapeMarkdown(message)}${place}${rest ? `<br>${escapeMarkdown(rest)}` : ''}`;
}

function tableParts(items: readonly PlanItem[]): readonly string[] {
  if (items.length === 0) return [];
  const rows = items.map((item) => {
    const owners = item.owners.map(inlineCode).join(' ');
    const title = item.change === 'added' ? `<br>${escapeMarkdown(item.title)}` : '';
    return `| \`${changeSigns[item.change]}\` | ${item.kind} | ${inlineCode(item.id)}${title} | ${escapeMarkdown(describeChange(item))} | ${owners} |`;
  });
  const head = '| | | Item | Change | Owners |\n|---|---|---|---|---|';
  return pages(rows, 100).map((page) => `${head}\n${page.join('\n')}`);
}

function testParts({ tests }: Plan): readonly string[] {
  if (!tests) return [];
  const { passed, failed } = tests.totals;
  const lines = tests.failed.map(
    ({ id, name, where }) => `- ❌ ${inlineCode(`${id} › ${name}`)} (${inlineCode(formatWhere(where))})`,
  );
  return [`**Tests** of what changes and what it reaches: ${passed} passed, ${failed} failed`, ...inRows(lines, 20)];
}

function backtestParts(backtests: readonly PlanBacktest[]): readonly string[] {
  if (backtests.length === 0) return [];
  const days = backtests.find(({ figures }) => figures)?.figures?.days;
  const rows = backtests.map((backtest) => {
    const { counts, rest } = describeBacktest(backtest);
    return `| ${inlineCode(backtest.detectionId)} | ${counts.join(' | ')} | ${escapeMarkdown(rest)} |`;
  });
  const title = `**Backtest**${days === undefined ? '' : ` over ${days} days`}`;
  const head =
    '| Detection | Matches live | new | only live | only new | Alerts live | new | |\n|---|--:|--:|--:|--:|--:|--:|---|';
  return [`${title}\n\n${head}\n${rows.join('\n')}`];
}

function coverageParts({ coverage: { before, after, gained, lost } }: Plan): readonly string[] {
  if (gained.length + lost.length === 0) return [];
  const changes = [...gained.map((it) => `+${it}`), ...lost.map((it) => `−${it}`)].join(', ');
  return [`**ATT&CK** ${before} → ${after} techniques: ${escapeMarkdown(changes)}`];
}

function affectedParts({ affected }: Plan): readonly string[] {
  if (affected.length === 0) return [];
  const lines = affected.map(
    ({ kind, id, because }) => `- ${kind} ${inlineCode(id)} reads from ${because.map(inlineCode).join(', ')}`,
  );
  return [details(`Affected downstream: ${affected.length}`, lines.slice(0, 200).join('\n'))];
}

function detailParts(item: PlanItem): readonly string[] {
  const fields = describeFields(item);
  if (fields.length === 0) return [];
  const lines = fields.flatMap(({ head, lines: changed }) => [`  ${head}`, ...changed]);
  return [
    details(`${inlineSummary(item.id)} · ${inlineSummary(describeChange(item))}`, fence('diff', lines.join('\n'))),
  ];
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Inside HTML there is no Markdown, only markup. */
function inlineSummary(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('@', '@\u200b');
}

function inRows(lines: readonly string[], size: number): readonly string[] {
  return pages(lines, size).map((page) => page.join('\n'));
}

function pages<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

function sentence(text: string): string {
  return text === '' ? '' : ` ${text}.`;
}
