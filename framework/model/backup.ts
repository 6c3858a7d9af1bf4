/** The last file of a backup: what is in it. A backup without it is not whole. */
export interface BackupManifest {
  readonly format: typeof backupFormat;
  readonly version: typeof backupVersion;
  /** The version of Margay that made it. */
  readonly margay: string;
  readonly createdAtMs: number;
  /** The position after the last batch that is in it: every batch that was acknowledged before the backup began. */
  readonly logEnd: number;
  /** Every other file, in the order they were written. */
  readonly files: readonly BackupFile[];
}

/** A file of a backup. */
export interface BackupFile {
  /** `log/…`, `state/…`, `lake/parts/…` or `archive/…`. */
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export const backupFormat = 'margay-backup';
export const backupVersion = 1;

/** The header that says about how many bytes a backup will have. */
export const backupBytesHeader = 'margay-backup-bytes';

/** The name of the manifest in a backup. */
export const manifestName = 'margay-backup.json';

/** The names that files of a backup have. A name that is none of them never becomes a path. */
export const backupNames =
  /^(?:log\/\d{16}\.(?:log|keys)|state\/\d{8}\.ndjson|lake\/parts\/[\w-]+\/[\w-]+\.parquet|archive\/(?!\.)[\w.%-]+\/\d{4}-\d{2}-\d{2}\/\d{16}\.json\.gz)$/;

/** What a backup or a restore did. */
export interface BackupReport {
  /** Where it is now, absolute. */
  readonly target: string;
  readonly fileCount: number;
  readonly bytes: number;
  readonly createdAtMs: number;
  readonly logEnd: number;
}
