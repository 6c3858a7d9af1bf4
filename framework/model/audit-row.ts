import { canonicalJson } from './canonical-json.ts';
import { stableId } from './stable-id.ts';
import type { Row } from './table.ts';

/** What somebody did to a runtime. */
export interface AuditEntry {
  /** `publish`, `lift_quarantine`, … */
  readonly action: string;
  /** The name of the token, or whom the identity provider vouches for. */
  readonly actor: string;
  /** Of the bundle that it is about. */
  readonly digest?: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** The row of `audit` for an entry. The same entry gives the same row, so a replay records nothing twice. */
export function auditRow({ action, actor, digest, detail, atMs }: AuditEntry): Row {
  const happenedAt = new Date(atMs).toISOString();
  return {
    audit_id: stableId('audit', action, actor, happenedAt, digest ?? '', canonicalJson(detail)),
    happened_at: happenedAt,
    actor,
    action,
    digest: digest ?? null,
    detail,
  };
}
