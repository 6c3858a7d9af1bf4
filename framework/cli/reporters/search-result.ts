import type { Mention, SearchResult } from '../../model/search.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';
import { shownIdLength } from './alert-table.ts';
import { colorLevel } from './color-level.ts';
import { formatTime } from './format-time.ts';
import { renderTable } from './table.ts';

/** What a search found, for people: counts first, then matches and events, newest first. */
export function renderSearch(result: SearchResult, colors: Colors): string {
  const blocks = [head(result, colors), renderCounts(result, colors), renderMatches(result, colors)];
  return [...blocks, renderEvents(result, colors)].filter((block) => block !== '').join('\n\n');
}

function head({ searched, fromMs, untilMs }: SearchResult, colors: Colors): string {
  const values = [...new Set(searched.map(({ value }) => value))].map(visibleLine).join(', ');
  const kinds = searched.map(({ kind }) => kind).join(', ');
  const until = untilMs === null ? '' : ` until ${formatTime(untilMs)}`;
  return `${colors.bold(values)} as ${kinds}, since ${formatTime(fromMs)}${until}`;
}

function renderCounts({ logTypes }: SearchResult, colors: Colors): string {
  if (logTypes.length === 0) return 'No event mentions it.';
  return renderTable({
    columns: [{ name: 'log type' }, { name: 'events', right: true }, { name: 'first' }, { name: 'last' }],
    rows: logTypes.map(({ logType, eventCount, firstMs, lastMs }) => [
      logType,
      String(eventCount),
      formatTime(firstMs),
      formatTime(lastMs),
    ]),
    colors,
  });
}

function renderMatches({ matches, searched }: SearchResult, colors: Colors): string {
  if (matches.length === 0) return '';
  return renderTable({
    columns: ['match', 'level', 'detection', 'title', 'found as', 'alert'].map((name) => ({ name })),
    rows: matches.map((match) => [
      formatTime(match.eventTimeMs),
      match.level,
      match.ruleId,
      match.title,
      describeMentions(match.mentions, searched),
      match.alertId?.slice(0, shownIdLength) ?? '-',
    ]),
    colors,
    style: (text, column) => (column === 1 ? colorLevel(text, colors) : text),
  });
}

function renderEvents({ events, searched }: SearchResult, colors: Colors): string {
  if (events.length === 0) return '';
  return renderTable({
    columns: ['event', 'log type', 'found as', 'summary', 'id'].map((name) => ({ name })),
    rows: events.map((event) => [
      formatTime(event.eventTimeMs),
      event.logType,
      describeMentions(event.mentions, searched),
      event.summary,
      event.rowId,
    ]),
    colors,
  });
}

/** The kinds; of a network, which says not enough, the addresses. */
function describeMentions(mentions: readonly Mention[], searched: readonly Mention[]): string {
  const isAsked = ({ value }: Mention): boolean => searched.some((one) => one.value === value);
  return mentions.map((one) => (isAsked(one) ? one.kind : `${one.kind} ${one.value}`)).join(', ');
}
