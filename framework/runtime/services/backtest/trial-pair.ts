import type {
  BacktestDay,
  BacktestErrors,
  BacktestSample,
  Comparison,
  DetectionTrial,
  MatchClass,
} from '../../../model/backtest.ts';
import type { Detection } from '../../../model/detection.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import type { Row } from '../../../model/table.ts';
import { advanceFiring, type FiringState, judgesAll } from '../../alert/index.ts';
import type { DetectResult } from '../../detect/index.ts';
import { countAlerts } from './count-alerts.ts';
import { type ClassCounts, countDay, type MatchTally, openMatchTally } from './match-tally.ts';
import { topValues } from './top-values.ts';
import { type BySide, type Side, sides, type TrialSetup } from './trial-message.ts';

/** What both logics of one detection make of the same events or rows, put together. */
export class PairRecord {
  readonly #detections: BySide<Detection>;
  readonly #setup: Pick<TrialSetup, 'withValues' | 'withSamples'>;
  readonly #tally: MatchTally;
  readonly #errors = new Map<string, BacktestErrors>();
  readonly #stopped = new Set<Side>();
  readonly #firing = new Map<Side, FiringState>();
  /** Of scheduled detections: alert id → when it was raised. */
  readonly #raised: Record<Side, Map<string, number>> = { before: new Map(), after: new Map() };

  constructor(detections: BySide<Detection>, setup: Pick<TrialSetup, 'maxMatches' | 'withValues' | 'withSamples'>) {
    this.#detections = detections;
    this.#setup = setup;
    this.#tally = openMatchTally(setup.maxMatches);
  }

  /** What both sides found in the same events. */
  addEvents(results: BySide<DetectResult>): void {
    for (const side of sides) this.#note(side, results[side]);
    this.#tally.add({ before: results.before?.matches ?? [], after: results.after?.matches ?? [] });
  }

  /** What both sides found in the rows of one scheduled time. */
  addRun(results: BySide<DetectResult>, scheduledAtMs: number, isComplete: boolean): void {
    this.addEvents(results);
    for (const side of sides) {
      const detection = this.#detections[side];
      const result = results[side];
      if (detection && result) this.#advance(side, detection, result, scheduledAtMs, isComplete);
    }
  }

  /** Everything so far, as the report has it. */
  trial(): DetectionTrial {
    const alerts = this.#alerts();
    const days = daysOf(this.#tally.days, alerts, this.#hasBefore());
    const detection = this.#detections.after ?? this.#detections.before;
    const classed = this.#setup.withValues || this.#setup.withSamples ? this.#classed() : undefined;
    return {
      detectionId: detection?.id ?? '',
      matches: sum(this.#tally.days, this.#hasBefore()),
      alerts: alerts ? sum(alerts, this.#hasBefore()) : null,
      days,
      errors: [...this.#errors.values()].sort((a, b) => (errorKey(a) < errorKey(b) ? -1 : 1)),
      stopped: sides.filter((side) => this.#stopped.has(side)),
      ...(classed && this.#setup.withValues ? { values: mapClasses(classed, topValues) } : {}),
      ...(classed && this.#setup.withSamples ? { samples: mapClasses(classed, samplesOf) } : {}),
    };
  }

  #hasBefore(): boolean {
    return this.#detections.before !== undefined;
  }

  #note(side: Side, result: DetectResult | undefined): void {
    for (const { functionName, errorClass, count } of result?.errorCounts ?? []) {
      const found: BacktestErrors = { side, functionName, errorClass, count };
      const known = this.#errors.get(errorKey(found))?.count ?? 0;
      this.#errors.set(errorKey(found), { ...found, count: known + count });
    }
    if (result?.stopped.length) this.#stopped.add(side);
  }

  #advance(side: Side, detection: Detection, result: DetectResult, scheduledAtMs: number, isComplete: boolean): void {
    const firing = this.#firing.get(side);
    const routing = { destinations: [] };
    const outcome = advanceFiring({
      detection,
      matches: result.matches,
      complete: isComplete && judgesAll(result),
      scheduledAtMs,
      routing,
      firing,
      nowMs: scheduledAtMs,
    });
    if (outcome.firing) this.#firing.set(side, outcome.firing);
    for (const { alertId, reason } of outcome.raised) {
      if (reason === 'created') this.#raised[side].set(alertId, scheduledAtMs);
    }
  }

  /** By day; `undefined`: too many matches to group. */
  #alerts(): ReadonlyMap<string, ClassCounts> | undefined {
    const found: Record<Side, ReadonlyMap<string, number>> = { before: new Map(), after: new Map() };
    for (const side of sides) {
      const detection = this.#detections[side];
      if (!detection) continue;
      if (detection.source.kind === 'query') {
        found[side] = this.#raised[side];
        continue;
      }
      const matches = this.#tally.matches(side);
      if (!matches) return undefined;
      found[side] = countAlerts(matches, detection);
    }
    const days = new Map<string, ClassCounts>();
    for (const [alertId, timeMs] of found.after)
      countDay(days, timeMs, found.before.has(alertId) ? 'both' : 'onlyAfter');
    for (const [alertId, timeMs] of found.before) if (!found.after.has(alertId)) countDay(days, timeMs, 'onlyBefore');
    return days;
  }

  #classed(): Readonly<Record<MatchClass, readonly RuleMatch[]>> {
    const after = this.#tally.matches('after') ?? [];
    const before = this.#tally.matches('before') ?? [];
    const of = (matches: readonly RuleMatch[], wanted: MatchClass): readonly RuleMatch[] =>
      matches.filter(({ matchId }) => this.#tally.classOf(matchId) === wanted);
    return { both: of(after, 'both'), onlyBefore: of(before, 'onlyBefore'), onlyAfter: of(after, 'onlyAfter') };
  }
}

/** Matches that are shown of each class. */
const maxSamples = 5;

function samplesOf(matches: readonly RuleMatch[]): readonly BacktestSample[] {
  return matches.slice(0, maxSamples).map((match) => ({
    eventTime: new Date(match.eventTimeMs).toISOString(),
    rowId: match.rowId,
    title: match.title,
    dedup: match.dedup,
    context: match.context,
    event: match.event as Row,
  }));
}

function mapClasses<A, B>(classes: Readonly<Record<MatchClass, A>>, make: (of: A) => B): Record<MatchClass, B> {
  return { both: make(classes.both), onlyBefore: make(classes.onlyBefore), onlyAfter: make(classes.onlyAfter) };
}

function errorKey({ side, functionName, errorClass }: BacktestErrors): string {
  return `${side} ${functionName} ${errorClass}`;
}

/** Counts as a comparison. Without a logic to compare with everything is new. */
export function comparison({ both, onlyBefore, onlyAfter }: ClassCounts, hasBefore: boolean): Comparison {
  return { before: hasBefore ? both + onlyBefore : null, after: both + onlyAfter, both, onlyBefore, onlyAfter };
}

/** The sum of days. */
export function sum(days: ReadonlyMap<string, ClassCounts>, hasBefore: boolean): Comparison {
  const total = { both: 0, onlyBefore: 0, onlyAfter: 0 };
  for (const counts of days.values()) {
    total.both += counts.both;
    total.onlyBefore += counts.onlyBefore;
    total.onlyAfter += counts.onlyAfter;
  }
  return comparison(total, hasBefore);
}

/** Days with something in them, in order. */
export function daysOf(
  matches: ReadonlyMap<string, ClassCounts>,
  alerts: ReadonlyMap<string, ClassCounts> | undefined,
  hasBefore: boolean,
): readonly BacktestDay[] {
  const none = { both: 0, onlyBefore: 0, onlyAfter: 0 };
  const days = [...new Set([...matches.keys(), ...(alerts?.keys() ?? [])])].sort();
  return days.map((day) => ({
    day,
    matches: comparison(matches.get(day) ?? none, hasBefore),
    alerts: alerts ? comparison(alerts.get(day) ?? none, hasBefore) : null,
  }));
}
