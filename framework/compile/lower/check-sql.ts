import type { LogType } from '../../model/log-type.ts';
import { eventTable, standardTables } from '../../model/standard-tables.ts';
import { suggest } from '../../model/suggest.ts';
import type { Table } from '../../model/table.ts';
import { type CheckedQuery, checkQuery } from '../../sql/index.ts';
import type { Loaded } from '../content/load-content.ts';
import type { ContentIndex } from '../content-index.ts';
import type { QueryContent } from '../schema/query-schema.ts';
import type { DetectionDraft } from './draft-detection.ts';

/** A query whose SQL has been checked. */
export interface QueryDraft extends Loaded<QueryContent> {
  readonly checked: CheckedQuery;
  /** Whether the gate found nothing wrong, so that its columns are to be relied on. */
  readonly isSound: boolean;
}

/** Checks the SQL of queries against the tables of log types and lookups, and the context columns of the detections. */
export async function checkSql(
  files: readonly Loaded<QueryContent>[],
  drafts: readonly DetectionDraft[],
  index: Pick<ContentIndex, 'logTypes' | 'detectionIds'> & { readonly lookups: readonly Table[] },
): Promise<readonly QueryDraft[]> {
  const tables = [...standardTables, ...index.lookups, ...[...index.logTypes.values()].map(eventTable)];
  const contexts = new Map(drafts.map(({ id, data }) => [id, data.context]));
  return Promise.all(
    files.map(async (file) => {
      const checked = await checkQuery(file.data.query, { tables, contexts });
      for (const { code, message, ...details } of checked.problems) file.report.add(code, ['query'], message, details);
      checkRuleIds(file, checked, index.detectionIds, drafts);
      return { ...file, checked, isSound: checked.problems.every(({ severity }) => severity === 'finding') };
    }),
  );
}

function checkRuleIds(
  file: Loaded<QueryContent>,
  checked: CheckedQuery,
  known: ReadonlySet<string>,
  drafts: readonly DetectionDraft[],
): void {
  for (const { ruleId, offset } of checked.ruleReferences.filter((it) => !known.has(it.ruleId))) {
    const renamed = drafts.find(({ data }) => data.aliases.includes(ruleId));
    const hint = renamed ? `It is called '${renamed.id}' now.` : suggest(ruleId, [...known]);
    file.report.add('COMPILE_RULE_ID_UNKNOWN', ['query'], `No detection has the id '${ruleId}'.`, { hint, offset });
  }
}

/**
 * The log types whose events can reach a query: by its event tables, and by the detections whose matches it
 * reads. `undefined` when one of those detections is broken.
 */
export function logTypesBehind(
  query: QueryDraft,
  drafts: readonly DetectionDraft[],
  logTypes: ReadonlyMap<string, LogType>,
): readonly string[] | undefined {
  const byTable = [...logTypes.values()].filter(({ table }) => query.checked.tables.includes(table));
  const names = new Set(byTable.map(({ name }) => name));
  for (const id of query.checked.ruleIds) {
    const source = drafts.find((draft) => draft.id === id)?.source;
    if (!source) return undefined;
    for (const name of source.kind === 'events' ? source.logTypes : []) names.add(name);
  }
  return [...names].sort();
}
