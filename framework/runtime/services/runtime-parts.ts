import type { Clock } from '../../model/clock.ts';
import type { Lake } from '../../model/lake.ts';
import type { State } from '../../model/state.ts';
import type { Tokens } from '../access/index.ts';
import type { Archiving } from '../archiving.ts';
import type { Consumer } from '../consumer.ts';
import type { Delivery } from '../deliver/index.ts';
import type { ActiveBundle } from '../detect-consumer.ts';
import type { FrozenLake, OpenLake } from '../lake/index.ts';
import type { OpenLog } from '../log/index.ts';
import type { Publisher } from '../publish-bundle.ts';
import type { Scheduler } from '../schedule/index.ts';
import type { Backfills } from './backfill/backfills.ts';

/** The running parts that the API's services speak to. */
export interface RuntimeParts {
  readonly log: OpenLog;
  readonly state: State;
  readonly lake: Lake;
  /** State and parts as they are now. */
  readonly freezeLake: () => Promise<FrozenLake>;
  readonly archiveDirectory: string;
  readonly opened: Pick<OpenLake, 'rebuild' | 'reserveSequences'>;
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly consumers: Readonly<Record<'detect' | 'lake', Consumer>>;
  readonly archiving: Archiving;
  readonly scheduler: Scheduler;
  readonly delivery: Delivery;
  readonly backfills: Backfills;
  readonly tokens: Tokens;
  /** The bundle in force at the detect consumer. */
  readonly active: () => ActiveBundle | undefined;
  /** Starts another detector for the bundle in force. */
  readonly renewDetector: () => Promise<void>;
  /** Resolves when the lake holds everything acknowledged before the call. */
  readonly catchUp: () => Promise<void>;
  readonly env: NodeJS.ProcessEnv;
  readonly startedAtMs: number;
}
