import type { Bundle } from '../../model/bundle.ts';
import type { LineageEdge, LineageField } from '../../model/lineage.ts';
import type { QueryLineage, SourceField, TableUse } from '../../sql/index.ts';

/** The tables that detections fill. */
const ofDetections: readonly string[] = ['rule_matches', 'alerts', 'rule_errors'];

/** What a query reads: of log types, of lookups, of the detections it names, of tables as a whole. */
export function queryEdges(id: string, lineage: QueryLineage, bundle: Bundle): readonly LineageEdge[] {
  const found = new Map<string, LineageEdge>();
  for (const use of lineage.uses) {
    for (const { from, via, detection } of sourcesOf(use, bundle)) {
      const key = `${from} ${via ?? ''}`;
      const counted = use.givesRows ? countedColumns(lineage) : [];
      const fields = [...counted, ...fieldsOf(lineage, use.table, detection)];
      found.set(key, { from, to: `query:${id}`, ...(via ? { via } : {}), fields });
    }
    if (ofDetections.includes(use.table) && use.detections.length === 0) {
      for (const edge of intoTable(use, bundle)) found.set(`${edge.from} ${edge.to}`, edge);
    }
  }
  return [...found.values()];
}

interface UseSource {
  readonly from: string;
  readonly via?: string | undefined;
  readonly detection?: string | undefined;
}

function sourcesOf({ table, detections, seesShadow }: TableUse, bundle: Bundle): readonly UseSource[] {
  const logType = bundle.logTypes.find((one) => one.table === table);
  if (logType) return [{ from: `log-type:${logType.name}` }];
  const lookup = bundle.lookups.find((one) => one.table === table);
  if (lookup) return [{ from: `lookup:${lookup.id}` }];
  if (detections.length === 0) return [{ from: `table:${table}` }];
  const known = bundle.detections.filter(
    ({ id, mode }) => detections.includes(id) && (seesShadow || mode !== 'shadow'),
  );
  return known.map(({ id }) => ({ from: `detection:${id}`, via: table, detection: id }));
}

/** A query that names no detection may read the rows of any that it sees. */
function intoTable({ table, seesShadow }: TableUse, { detections }: Bundle): readonly LineageEdge[] {
  return detections
    .filter(({ mode, alert }) => mode !== 'off' && (seesShadow || mode === 'live') && (alert || table !== 'alerts'))
    .map(({ id }) => ({ from: `detection:${id}`, to: `table:${table}`, fields: [] }));
}

function fieldsOf(lineage: QueryLineage, table: string, detection: string | undefined): readonly LineageField[] {
  const isOf = (field: SourceField): boolean =>
    field.table === table && (detection === undefined || field.detections.includes(detection));
  const results = lineage.columns.flatMap(({ name, from }) =>
    from.filter(isOf).map((field) => ({ from: fieldName(field), to: name })),
  );
  const shown = new Set(results.map(({ from }) => from));
  const others = lineage.reads.filter(isOf).map(fieldName);
  return [...results, ...others.filter((from) => !shown.has(from)).map((from) => ({ from, to: 'filter' }))];
}

/** Columns that count rows, whatever is in them. */
function countedColumns({ columns }: QueryLineage): readonly LineageField[] {
  const counts = columns.filter(({ from, aggregates }) => from.length === 0 && aggregates.includes('count_star'));
  return counts.map(({ name }) => ({ from: '(rows)', to: name }));
}

/** `member` of the context, `actor.alternateId`, `p_event_time`. */
function fieldName({ column, path }: SourceField): string {
  const steps = column === 'p_alert_context' && path.length > 0 ? path : [column, ...path];
  return steps
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
