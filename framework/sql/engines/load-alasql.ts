import { createRequire } from 'node:module';

/** The part of alasql that we use. */
export interface Alasql {
  readonly Database: new (name?: string) => AlasqlDatabase;
  readonly Table: new (options: { readonly tableid: string }) => { data: readonly unknown[] };
  readonly databases: Record<string, unknown>;
  readonly fn: Record<string, unknown>;
  readonly aggr: Record<string, unknown>;
}

/** One of alasql's databases: tables by name. */
export interface AlasqlDatabase {
  readonly databaseid: string;
  readonly tables: Record<string, { data: readonly unknown[] }>;
  exec(sql: string): unknown;
}

const require = createRequire(import.meta.url);
let loaded: Alasql | undefined;

/**
 * alasql: from source the devDependency; from `dist/` the bundle beside it that `build.js` made, because an
 * install of alasql drags a mobile framework along. Takes about 200 ms the first time.
 */
export function loadAlasql(): Alasql {
  loaded ??= require(import.meta.url.endsWith('.ts') ? 'alasql' : '../alasql/alasql.cjs') as Alasql;
  return loaded;
}
