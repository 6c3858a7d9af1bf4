/** What a caller may do: send logs, read what the runtime holds, make bundles live, or everything. */
export type Scope = 'ingest' | 'read' | 'publish' | 'admin';

/** Every scope. `admin` includes the others. */
export const scopes: readonly Scope[] = ['ingest', 'read', 'publish', 'admin'];

/** Who asks, and what they may. */
export interface Caller {
  /** For the audit: `token NAME`, or whom the identity provider vouches for. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  /** The only commit whose bundle the caller may publish. Absent: any. */
  readonly commit?: string | undefined;
}

/** The scopes that a grant stands for. */
export function expandScopes(granted: readonly Scope[]): readonly Scope[] {
  return granted.includes('admin') ? scopes : granted;
}
