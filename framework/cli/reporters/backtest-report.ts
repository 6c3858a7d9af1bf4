import type {
  BacktestReport,
  BacktestSample,
  Comparison,
  DetectionTrial,
  MatchClass,
  TopValues,
} from '../../model/backtest.ts';
import type { Colors } from '../terminal.ts';
import { visibleLine } from '../visible-text.ts';
import { renderDownstream } from './backtest-downstream.ts';
import { countText, renderFigures } from './backtest-figures.ts';
import { cellText } from './cell-text.ts';
import { plural } from './problems.ts';
import { renderTable } from './table.ts';

/** A backtest for people. */
export function renderBacktest(report: BacktestReport, colors: Colors): string {
  const blocks = [
    head(report, colors),
    renderFigures(
      [
        ['matches', report.matches],
        ['alerts', report.alerts],
      ],
      report.against !== null,
      colors,
    ),
    renderDays(report, colors),
    ...renderDownstream(report, colors),
    ...renderValues(report, colors),
    ...renderSamples(report, colors),
    [...troubleLines(report), ...report.notes].map((line) => colors.yellow(`! ${visibleLine(line)}`)).join('\n'),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function head({ detectionId, window, against, candidates, method }: BacktestReport, colors: Colors): string {
  const compared = against ? `against what is live (serial ${against.serial})` : 'compared with nothing';
  const what = method === 'query' ? plural(candidates, 'row') : plural(candidates, 'candidate');
  const time = (text: string): string => text.replace('T', ' ').replace(/\.\d+/, '');
  return `${colors.bold(detectionId)}  ${time(window.from)} to ${time(window.until)}, ${compared}; ${what}`;
}

function renderDays({ days, against }: BacktestReport, colors: Colors): string {
  if (days.length === 0) return '';
  const sides = (counts: Comparison | null): readonly string[] =>
    against ? [countText(counts?.before), countText(counts?.after)] : [countText(counts?.after)];
  const names = against ? ['matches live', 'new', 'alerts live', 'new'] : ['matches', 'alerts'];
  return renderTable({
    columns: [{ name: 'day' }, ...names.map((name) => ({ name, right: true }))],
    rows: days.map(({ day, matches, alerts }) => [day, ...sides(matches), ...sides(alerts)]),
    colors,
  });
}

const classNames: Readonly<Record<MatchClass, string>> = {
  both: 'both',
  onlyBefore: 'only live',
  onlyAfter: 'only new',
};

function renderValues({ values }: BacktestReport, colors: Colors): readonly string[] {
  return eachClass(values, (of: TopValues, name) => {
    const rows = Object.entries(of).map(([field, top]) => [
      field,
      top.map(({ value, count: times }) => `${value} (${times})`).join(', '),
    ]);
    if (rows.length === 0) return [];
    return [renderTable({ columns: [{ name }, { name: 'most frequent values' }], rows, colors })];
  });
}

function renderSamples({ samples }: BacktestReport, colors: Colors): readonly string[] {
  return eachClass(samples, (of: readonly BacktestSample[], name) => {
    if (of.length === 0) return [];
    const rows = of.map(({ eventTime, title, event }) => [eventTime, title, cellText(event)]);
    return [renderTable({ columns: [{ name }, { name: 'title' }, { name: 'event' }], rows, colors })];
  });
}

function eachClass<T>(
  classes: Readonly<Record<MatchClass, T>> | undefined,
  render: (of: T, name: string) => readonly string[],
): readonly string[] {
  if (!classes) return [];
  return (Object.keys(classNames) as MatchClass[]).flatMap((name) => render(classes[name], classNames[name]));
}

function troubleLines({ downstream, ...report }: BacktestReport): readonly string[] {
  const further = downstream.flatMap(({ detections }) => detections);
  return [
    ...troublesOf(report, 'the live logic', 'the new logic'),
    ...further.flatMap((trial) => troublesOf(trial, `${trial.detectionId}, live`, `${trial.detectionId}, new`)),
  ];
}

function troublesOf(
  { errors, stopped }: Pick<DetectionTrial, 'errors' | 'stopped'>,
  live: string,
  tried: string,
): readonly string[] {
  const side = (of: 'before' | 'after'): string => (of === 'before' ? live : tried);
  return [
    ...errors.map(
      (error) =>
        `${side(error.side)}: ${error.functionName} failed with ${error.errorClass}, ${plural(error.count, 'time')}`,
    ),
    ...stopped.map(
      (of) => `${side(of)} was stopped, because it hung or took too much memory: later matches are missing`,
    ),
  ];
}
