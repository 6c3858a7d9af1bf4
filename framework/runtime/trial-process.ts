// The entry of a trial's process: a backtest or a backfill evaluates here, apart from the runtime.
import { closeNetwork } from './detect/index.ts';
import { serveTrial } from './services/backtest/serve-trial.ts';

closeNetwork();
serveTrial();
