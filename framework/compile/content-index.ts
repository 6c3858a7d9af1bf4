import type { Bundle } from '../model/bundle.ts';
import type { Routing } from '../model/destination.ts';
import type { LogType } from '../model/log-type.ts';
import type { ScheduledQuery } from '../model/scheduled-query.ts';

/** What content may refer to. */
export interface ContentIndex {
  readonly logTypes: ReadonlyMap<string, LogType>;
  /** The names of log types whose file is flawed. */
  readonly brokenLogTypes: ReadonlySet<string>;
  /** Every query that has a file, broken or not. */
  readonly queryIds: ReadonlySet<string>;
  /** Every detection that has a file, broken or not. */
  readonly detectionIds: ReadonlySet<string>;
  /** The queries that are sound. */
  readonly queries: ReadonlyMap<string, Pick<ScheduledQuery, 'columns'>>;
  /** How long standard tables are kept, where it is said. */
  readonly retention: Bundle['retention'];
  /** `undefined` when the configuration is broken, so that its names are not held against content. */
  readonly routing: Routing | undefined;
}
