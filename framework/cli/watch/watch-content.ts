import { type FSWatcher, statSync, watch } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';

/** What is watched, and who hears of it. */
export interface WatchOptions {
  /** The content root. */
  readonly root: string;
  /** Called once things have been quiet for a moment. */
  readonly onChange: () => void;
}

/** A watch over content. */
export interface ContentWatch {
  /** Also watches the folders of these files, relative to the root: what the compiler read. */
  include(files: readonly string[]): void;
  close(): void;
}

const quietMs = 100;
const contentFolders = ['detections', 'scheduled-queries', 'fixtures', 'log-types'];

/**
 * Watches the root itself and, with everything below, its content folders. A folder that appears later is
 * watched from then on. Dot folders and node_modules never are.
 */
export function watchContent({ root, onChange }: WatchOptions): ContentWatch {
  const folders = new Set(contentFolders);
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;

  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs);
  };
  const drop = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const arm = (): void => {
    for (const folder of folders) {
      const path = join(root, folder);
      const exists = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
      if (!exists) drop(folder);
      if (!exists || watchers.has(folder)) continue;
      const watcher = watch(path, { recursive: true }, changed);
      watcher.on('error', () => drop(folder));
      watchers.set(folder, watcher);
    }
  };
  const rootWatcher = watch(root, (_event, name) => {
    if (name !== null && isIgnored(name)) return;
    arm();
    changed();
  });
  rootWatcher.on('error', changed);
  arm();

  return {
    include: (files) => {
      for (const file of files) {
        const [folder, ...rest] = (isAbsolute(file) ? relative(root, file) : file).split(/[/\\]/);
        if (folder && rest.length > 0 && !isIgnored(folder)) folders.add(folder);
      }
      arm();
    },
    close: () => {
      clearTimeout(timer);
      rootWatcher.close();
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };
}

function isIgnored(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}
