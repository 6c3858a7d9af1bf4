import type { IndicatorKind } from '../../../model/indicators.ts';
import type { Level } from '../../../model/level.ts';
import type { LogType } from '../../../model/log-type.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { parseMoment } from '../../../model/moment.ts';
import type { Mention, SearchResult } from '../../../model/search.ts';
import { eventTable, ruleMatchesTable } from '../../../model/standard-tables.ts';
import type { ApiServices, SearchRequest } from '../../api/index.ts';
import { unknownLogType } from '../ingest-service.ts';
import { requireScope } from '../require-scope.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { type FoundItem, type FoundRow, searchSql } from './search-sql.ts';
import { searchedKinds } from './searched-kinds.ts';

const timeoutMs = 60_000;

/** What mentions an indicator, over the events of all log types and the matches: one snapshot of both. */
export async function search(
  parts: RuntimeParts,
  { signal, scopes, actor: _, ...request }: Parameters<ApiServices['search']>[0],
): Promise<SearchResult> {
  requireScope(scopes, 'read', 'to see events of the lake');
  const searched = searchedKinds(request.indicator, request.type);
  const window = windowOf(request, parts.clock.now());
  const logTypes = chooseLogTypes(parts.active()?.catalog.logTypes ?? new Map(), request.logTypes);
  const isAllLogTypes = request.logTypes === undefined;
  await parts.catchUp();
  const sql = searchSql({ searched, ...window, logTypes, isAllLogTypes, limit: request.limit });
  const tables = [...logTypes.map(eventTable), ruleMatchesTable];
  const bounds = new Map(tables.map(({ name }) => [name, window]));
  const limits = { timeoutMs, maxRows: tables.length, bounds };
  const { rows, cost } = await parts.lake.query(sql, tables, limits, signal);
  const found = rows as unknown as readonly FoundRow[];
  const shown = 'values' in searched ? searched.values : [{ kind: 'ip', value: searched.network } as const];
  return {
    searched: shown,
    fromMs: window.fromMs,
    untilMs: window.untilMs ?? null,
    ...fold(found, logTypes, request),
    cost,
  };
}

function fold(
  found: readonly FoundRow[],
  logTypes: readonly LogType[],
  { limit }: SearchRequest,
): Pick<SearchResult, 'logTypes' | 'events' | 'matchCount' | 'matches' | 'truncated'> {
  const nameOf = (row: FoundRow): string => (logTypes[row.source] as LogType).name;
  const ofEvents = found.filter(({ source, n }) => source >= 0 && n > 0);
  const events = ofEvents
    .flatMap((row) => (row.newest ?? []).map((item) => ({ item, logType: nameOf(row) })))
    .sort((a, b) => newerFirst(a.item, b.item))
    .slice(0, limit);
  const ofMatches = found.find(({ source }) => source === -1);
  const matches = [...(ofMatches?.newest ?? [])].sort(newerFirst);
  const matchCount = ofMatches?.n ?? 0;
  const eventCount = ofEvents.reduce((sum, { n }) => sum + n, 0);
  return {
    logTypes: ofEvents
      .map((row) => ({
        logType: nameOf(row),
        eventCount: row.n,
        firstMs: Date.parse(row.first as string),
        lastMs: Date.parse(row.last as string),
      }))
      .sort((a, b) => (a.logType < b.logType ? -1 : 1)),
    events: events.map(({ item, logType }) => ({
      logType,
      eventTimeMs: Date.parse(item.time),
      rowId: item.id,
      mentions: mentionsOf(item),
      summary: item.summary,
    })),
    matchCount,
    matches: matches.map((item) => ({
      ruleId: item.rule_id as string,
      title: item.summary,
      level: item.level as Level,
      alertId: item.alert_id,
      logType: item.log_type as string,
      eventTimeMs: Date.parse(item.time),
      matchId: item.id,
      mentions: mentionsOf(item),
    })),
    truncated: eventCount > events.length || matchCount > matches.length,
  };
}

function newerFirst(a: FoundItem, b: FoundItem): number {
  if (a.time !== b.time) return a.time < b.time ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

function mentionsOf({ mentions }: FoundItem): readonly Mention[] {
  return Object.entries(mentions).flatMap(([kind, values]) =>
    [...new Set(values ?? [])].map((value) => ({ kind: kind as IndicatorKind, value })),
  );
}

function windowOf({ since, until }: SearchRequest, nowMs: number): { fromMs: number; untilMs: number | undefined } {
  const moment = (text: string): number => parseMoment(text, nowMs) as number; // its form was checked
  const [fromMs, untilMs] = [moment(since), until === undefined ? undefined : moment(until)];
  if (untilMs !== undefined && untilMs <= fromMs) {
    throw new MargayError('API_REQUEST_INVALID', "'until' is not after 'since', so that nothing lies between.");
  }
  return { fromMs, untilMs };
}

/** @throws API_LOG_TYPE_UNKNOWN */
function chooseLogTypes(known: ReadonlyMap<string, LogType>, asked: readonly string[] | undefined): readonly LogType[] {
  if (asked === undefined) return [...known.values()];
  return [...new Set(asked)].map((name) => {
    const logType = known.get(name);
    if (logType) return logType;
    throw unknownLogType(name, [...known.keys()]);
  });
}
