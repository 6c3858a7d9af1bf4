import type { BacktestLine } from '../../model/backtest.ts';
import type { ApiServices } from '../api/index.ts';
import { runBacktest } from './backtest/run-backtest.ts';
import { requireScope } from './require-scope.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/**
 * Tries a detection over history. What shows values or events of the lake needs the scope to read it; counts do not.
 *
 * @throws API_SCOPE_MISSING, and what {@link runBacktest} throws
 */
export async function* backtest(
  parts: RuntimeParts,
  { signal, scopes, actor: _, ...request }: Parameters<ApiServices['backtest']>[0],
): AsyncGenerator<BacktestLine, void, void> {
  if (request.values) requireScope(scopes, 'read', 'to see values of the lake');
  if (request.samples) requireScope(scopes, 'read', 'to see events of the lake');
  yield* runBacktest(parts, request, signal);
}
