import type { Alert, Notification } from '../../../../model/alert.ts';
import { showCommand } from '../../notification-payload.ts';
import { countMatches, levelMarks, printablePairs, readableTime } from '../../printable-text.ts';
import { slackCode, slackProse, slackText } from './slack-text.ts';

/** Text in Block Kit. `verbatim`: Slack makes no links or mentions of its own. */
type SlackTextObject =
  | { readonly type: 'plain_text'; readonly text: string; readonly emoji: false }
  | { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: boolean };

/** The blocks that our messages are made of. */
export type SlackBlock =
  | { readonly type: 'header'; readonly text: SlackTextObject }
  | { readonly type: 'section'; readonly text: SlackTextObject }
  | { readonly type: 'section'; readonly fields: readonly SlackTextObject[] }
  | { readonly type: 'context'; readonly elements: readonly SlackTextObject[] };

/** The body of a post to an incoming webhook. */
export interface SlackMessage {
  /** For notifications and clients without blocks. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/**
 * Slack's limits, in characters and items.
 *
 * @source Slack, "Reference: blocks" and "Composition objects".
 */
const limits = { blocks: 50, header: 150, text: 3_000, field: 2_000, fieldsPerSection: 10 };
const maxFields = 20;
const maxValueLength = 500;
const maxEvidenceLength = 550;

/** A notification as a Slack message. */
export function slackMessage({ alert, reason, evidence }: Notification): SlackMessage {
  const blocks: readonly SlackBlock[] = [
    { type: 'header', text: plain(`${levelMarks[alert.level]} ${slackText(alert.title, limits.header - 3)}`) },
    { type: 'context', elements: [markdown(summaryLine(alert, reason))] },
    ...contextFields(alert),
    ...(evidence.length > 0 ? [section(evidenceLines(evidence))] : []),
    ...(alert.runbook.trim() ? [section(`*Runbook*\n${slackProse(alert.runbook, limits.text - 10)}`, false)] : []),
    ...(alert.references.length > 0
      ? [section(`*See*\n${slackProse(alert.references.join('\n'), limits.text - 6)}`, false)]
      : []),
    { type: 'context', elements: [markdown(footerLine(alert))] },
  ];
  return {
    text: slackText(
      `${levelMarks[alert.level]} ${alert.level}: ${alert.title} (${alert.ruleId}) – ${showCommand(alert)}`,
      limits.text,
    ),
    blocks: blocks.slice(0, limits.blocks),
    unfurl_links: false,
    unfurl_media: false,
  };
}

function summaryLine(alert: Alert, reason: Notification['reason']): string {
  const again = reason === 'renotified' ? [`*Again*, no. ${alert.notifications}`] : [];
  const times = [...new Set([alert.firstEventTimeMs, alert.lastEventTimeMs])].map(readableTime).join(' to ');
  return [...again, `*${alert.level}*`, slackCode(alert.ruleId, 300), countMatches(alert.matchCount), times].join(
    '  ·  ',
  );
}

function contextFields(alert: Alert): readonly SlackBlock[] {
  const entries = Object.entries(alert.context);
  const fields = entries
    .slice(0, maxFields)
    .map(([name, value]) => markdown(`*${slackText(name, 100)}*\n${slackCode(value, maxValueLength)}`));
  const sections: SlackBlock[] = [];
  for (let start = 0; start < fields.length; start += limits.fieldsPerSection) {
    sections.push({ type: 'section', fields: fields.slice(start, start + limits.fieldsPerSection) });
  }
  const rest = entries.length - maxFields;
  return rest > 0 ? [...sections, { type: 'context', elements: [markdown(`… and ${rest} more columns`)] }] : sections;
}

function evidenceLines(evidence: Notification['evidence']): string {
  const lines = evidence.map(({ eventTimeMs, context }) => {
    const pairs = printablePairs(context, maxEvidenceLength);
    return `• ${readableTime(eventTimeMs)}  ${slackCode(pairs, maxEvidenceLength)}`;
  });
  return ['*Evidence*', ...lines].join('\n');
}

function footerLine(alert: Alert): string {
  const people = alert.owners.length > 0 ? [slackText(alert.owners.join(' '), 300)] : [];
  const tags = alert.tags.length > 0 ? [slackText(alert.tags.join(' '), 600)] : [];
  return [slackCode(showCommand(alert), 200), ...people, ...tags].join('  ·  ');
}

function section(text: string, verbatim = true): SlackBlock {
  return { type: 'section', text: markdown(text, verbatim) };
}

function markdown(text: string, verbatim = true): SlackTextObject {
  return { type: 'mrkdwn', text, verbatim };
}

function plain(text: string): SlackTextObject {
  return { type: 'plain_text', text, emoji: false };
}
