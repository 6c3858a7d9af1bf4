import type { BacktestErrors, Comparison, DetectionTrial } from '../../../model/backtest.ts';

/** The trial of a logic that is the same as the one it is compared with: what it found, both found. */
export function mirrorTrial(trial: DetectionTrial): DetectionTrial {
  const { values, samples } = trial;
  return {
    ...trial,
    matches: mirror(trial.matches),
    alerts: trial.alerts && mirror(trial.alerts),
    days: trial.days.map(({ day, matches, alerts }) => ({
      day,
      matches: mirror(matches),
      alerts: alerts && mirror(alerts),
    })),
    errors: [...trial.errors.map((error): BacktestErrors => ({ ...error, side: 'before' })), ...trial.errors],
    stopped: trial.stopped.length > 0 ? ['before', 'after'] : [],
    ...(values ? { values: { both: values.onlyAfter, onlyBefore: {}, onlyAfter: {} } } : {}),
    ...(samples ? { samples: { both: samples.onlyAfter, onlyBefore: [], onlyAfter: [] } } : {}),
  };
}

function mirror({ after }: Comparison): Comparison {
  return { before: after, after, both: after, onlyBefore: 0, onlyAfter: 0 };
}
