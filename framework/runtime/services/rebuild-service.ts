import { auditRow } from '../../model/audit-row.ts';
import type { LogType } from '../../model/log-type.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { RebuildLine, RebuildReport, RebuildRequest } from '../../model/rebuild.ts';
import { eventTable } from '../../model/standard-tables.ts';
import type { ApiServices } from '../api/index.ts';
import type { ArchivedBatch } from '../archive/index.ts';
import { deadLetterRow } from '../dead-letter-row.ts';
import { createRowEncoder } from '../row-encoder.ts';
import { requireScope } from './require-scope.ts';
import type { RuntimeParts } from './runtime-parts.ts';

type Running = Pick<RuntimeParts, 'active' | 'archiving' | 'clock' | 'consumers' | 'log' | 'opened' | 'state'>;

const dayMs = 86_400_000;
const running = new WeakSet<object>();

/**
 * Derives the events of days again, from the batches of the archive with the log type that is live, and puts them in
 * the place of those that were there, all at once at the end. Stopped before, it changes nothing but dead letters,
 * which come to be the same the next time.
 *
 * @throws API_SCOPE_MISSING, API_LOG_TYPE_UNKNOWN
 * @throws RUNTIME_REBUILD_UNCOVERED when the archive lacks batches that the days may have events of.
 * @throws RUNTIME_REBUILD_BUSY, RUNTIME_REBUILD_OUTDATED, ARCHIVE_CORRUPT, LAKE_WRITE_FAILED
 */
export async function* rebuild(
  parts: Running,
  { signal, scopes, actor, ...request }: Parameters<ApiServices['rebuild']>[0],
): AsyncGenerator<RebuildLine, void, void> {
  requireScope(scopes, 'admin', 'to derive events again');
  const logType = requireLogType(parts, request.logType);
  if (running.has(parts.state)) {
    throw new MargayError('RUNTIME_REBUILD_BUSY', 'Another rebuild runs.', { hint: 'Ask again when it has ended.' });
  }
  running.add(parts.state);
  try {
    const report = yield* runRebuild(parts, request, logType, signal);
    const { days: _, ...detail } = report;
    const entry = { action: 'rebuild', actor, detail, atMs: parts.clock.now() };
    await parts.state.commit({ rows: [{ table: 'audit', rows: [auditRow(entry)] }] });
    yield { kind: 'report', report };
  } finally {
    running.delete(parts.state);
  }
}

async function* runRebuild(
  parts: Running,
  { from, to }: RebuildRequest,
  logType: LogType,
  signal: AbortSignal,
): AsyncGenerator<RebuildLine, RebuildReport, void> {
  const { archiving, consumers, log, opened } = parts;
  // From here on the lake files events of this log type as it is now: what it files later, it need not file again.
  await consumers.lake.reach(log.end(), signal);
  const table = eventTable(logType);
  const rows = opened.rebuild(table, { from, to });
  const encoder = createRowEncoder();
  try {
    const end = log.end();
    await Promise.all([consumers.lake.reach(end, signal), archiving.consumer.reach(end, signal)]);
    await requireCovered(parts, logType.name, from);
    const counts = { batchCount: 0, eventCount: 0, refusedCount: 0 };
    let outsideCount = 0;
    const derive = async (batches: readonly ArchivedBatch[], wanted?: ReadonlySet<string>): Promise<void> => {
      signal.throwIfAborted();
      const catalog = requireSame(parts, logType);
      const bytes = batches.reduce((sum, { body }) => sum + body.length, 0);
      const derived = await encoder.encode(batches, catalog, opened.reserveSequences(bytes), {
        withDeadLetters: !wanted,
      });
      for (const { rows: packed } of derived.tables) {
        if (!wanted) counts.eventCount += packed.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
        outsideCount += await rows.add(packed, wanted);
      }
      const letters = derived.deadLetters.map(deadLetterRow);
      counts.refusedCount += letters.length;
      if (letters.length > 0) await parts.state.commit({ rows: [{ table: 'dead_letters', rows: letters }] });
    };
    const firstDay = dayOf(Date.parse(from) - dayMs);
    for await (const batches of archiving.archive.read(logType.name, firstDay, end)) {
      await derive(batches);
      counts.batchCount += batches.length;
      const { batchCount, eventCount } = counts;
      yield { kind: 'progress', day: dayOf(batches.at(-1)?.receivedAtMs ?? 0), batchCount, eventCount };
    }
    const lost = outsideCount === 0 ? new Set<string>() : await rows.lost();
    if (lost.size > 0) {
      for await (const batches of archiving.archive.read(logType.name, firstDay, end)) await derive(batches, lost);
    }
    requireSame(parts, logType);
    const { batchCount, refusedCount } = counts;
    const archived = await archivedDays(parts, logType.name);
    const facts = { logType: logType.name, table: table.name, from, to: to ?? null, archived };
    return { ...facts, batchCount, refusedCount, ...(await rows.swap()) };
  } finally {
    await encoder.close();
    await rows.close();
  }
}

function requireLogType({ active }: Running, name: string): LogType {
  const logTypes = active()?.catalog.logTypes;
  const logType = logTypes?.get(name);
  if (logType) return logType;
  throw new MargayError('API_LOG_TYPE_UNKNOWN', `No log type '${name}' is live.`, {
    hint: `Live: ${[...(logTypes?.keys() ?? [])].join(', ') || 'none'}.`,
  });
}

/** The bundle that is live, as long as it has the log type as it was. */
function requireSame({ active }: Running, logType: LogType) {
  const catalog = active()?.catalog;
  const same = catalog?.logTypes.get(logType.name);
  if (catalog && JSON.stringify(same) === JSON.stringify(logType)) return catalog;
  throw new MargayError(
    'RUNTIME_REBUILD_OUTDATED',
    `The log type '${logType.name}' was changed by a publish meanwhile.`,
    {
      hint: 'Nothing was replaced. Start the rebuild again.',
    },
  );
}

/** An event may say a time up to a day after its receipt: its batch may be a day older than it. */
async function requireCovered({ archiving }: Running, logType: string, from: string): Promise<void> {
  const sinceMs = await archiving.completeSince(logType);
  if (sinceMs === 0 || Date.parse(from) - dayMs >= sinceMs) return;
  const first = dayOf(Math.ceil((sinceMs + dayMs) / dayMs) * dayMs);
  throw new MargayError(
    'RUNTIME_REBUILD_UNCOVERED',
    `The archive of ${logType} covers the days from ${first} on, not ${from}.`,
    { hint: `Rebuild '--from ${first}'; how long batches are kept, 'archive' of the log type says.` },
  );
}

async function archivedDays({ archiving }: Running, logType: string): Promise<RebuildReport['archived']> {
  const days = (await archiving.archive.days()).get(logType) ?? [];
  const [from, to] = [days[0], days.at(-1)];
  return from === undefined || to === undefined ? null : { from, to };
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
