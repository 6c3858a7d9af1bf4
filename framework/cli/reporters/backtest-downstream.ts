import type { BacktestReport, Comparison, DownstreamTrial } from '../../model/backtest.ts';
import type { Colors } from '../terminal.ts';
import { countText, renderFigures } from './backtest-figures.ts';
import { plural } from './problems.ts';
import { renderTable } from './table.ts';

/** What becomes of the scheduled queries that read the matches, and of the detections over those. */
export function renderDownstream({ downstream, against }: BacktestReport, colors: Colors): readonly string[] {
  return downstream.flatMap((trial) => [
    `${colors.bold(trial.queryId)}  reads matches; ${plural(trial.runs, 'run')}`,
    renderFigures(
      [
        ['rows', trial.rows],
        ...trial.detections.map(({ detectionId, alerts }) => [`alerts of ${detectionId}`, alerts] as const),
      ],
      against !== null,
      colors,
    ),
    renderDays(trial, against !== null, colors),
  ]);
}

/** The days on which both differ; without a comparison, those with something on them. */
function renderDays(trial: DownstreamTrial, isCompared: boolean, colors: Colors): string {
  const alerts = alertsByDay(trial);
  const rows = new Map(trial.days.map(({ day, rows: ofDay }) => [day, ofDay]));
  const days = [...new Set([...rows.keys(), ...alerts.keys()])].sort();
  const cells = (counts: Pick<Comparison, 'after' | 'onlyBefore' | 'onlyAfter'> = none): readonly number[] =>
    isCompared ? [counts.onlyBefore, counts.onlyAfter] : [counts.after];
  const lines = days.map((day) => ({ day, counts: [...cells(rows.get(day)), ...cells(alerts.get(day))] }));
  const telling = lines.filter(({ counts }) => counts.some((count) => count > 0));
  if (telling.length === 0) return '';
  const names = isCompared ? ['rows only live', 'only new', 'alerts only live', 'only new'] : ['rows', 'alerts'];
  return renderTable({
    columns: [{ name: 'day' }, ...names.map((name) => ({ name, right: true }))],
    rows: telling.map(({ day, counts }) => [day, ...counts.map(countText)]),
    colors,
  });
}

const none = { after: 0, onlyBefore: 0, onlyAfter: 0 };

function alertsByDay({ detections }: DownstreamTrial): ReadonlyMap<string, typeof none> {
  const days = new Map<string, typeof none>();
  for (const { day, alerts } of detections.flatMap((trial) => trial.days)) {
    if (!alerts) continue;
    const known = days.get(day) ?? none;
    days.set(day, {
      after: known.after + alerts.after,
      onlyBefore: known.onlyBefore + alerts.onlyBefore,
      onlyAfter: known.onlyAfter + alerts.onlyAfter,
    });
  }
  return days;
}
