import type { Stats } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** What is watched, and who hears of it. */
export interface WatchOptions {
  /** The content root. */
  readonly root: string;
  /** Called once things have been quiet for a moment. */
  readonly onChange: () => void;
}

/** A watch over content. */
export interface ContentWatch {
  /** Resolves when every change from now on is seen. */
  readonly ready: Promise<void>;
  /** Also watches the folders of these files, relative to the root: what the compiler read. */
  include(files: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const quietMs = 100;
const contentFolders: readonly string[] = ['detections', 'scheduled-queries', 'fixtures', 'log-types', 'lookups'];

/**
 * Watches the files of the root itself and, with everything below, its content folders, also those that appear
 * later. Dot folders and node_modules never are. A file that an editor replaces instead of writing is seen too.
 */
export function watchContent({ root, onChange }: WatchOptions): ContentWatch {
  const watchers: FSWatcher[] = [];
  const others = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs);
  };
  const start = (path: string, ignored: (path: string, stats?: Stats) => boolean): Promise<void> => {
    const watcher = watch(path, { ignored, ignoreInitial: true });
    watchers.push(watcher);
    watcher.on('all', changed);
    // A folder that cannot be watched is one that cannot be read: the compiler says so.
    watcher.on('error', changed);
    return new Promise((resolve) => {
      watcher.once('ready', resolve);
    });
  };
  const isNoContent = (path: string, stats?: Stats): boolean => {
    const [first = '', ...rest] = segments(root, path);
    if (isNeverContent(first)) return true;
    const isFolder = rest.length > 0 || (first !== '' && (stats?.isDirectory() ?? false));
    return isFolder && !contentFolders.includes(first);
  };

  return {
    ready: start(root, isNoContent),
    include: async (files) => {
      const found = files.flatMap((file) => {
        const [folder, ...rest] = segments(root, isAbsolute(file) ? file : join(root, file));
        const isOther = folder && rest.length > 0 && !isNeverContent(folder) && !contentFolders.includes(folder);
        return isOther && !others.has(folder) ? [folder] : [];
      });
      const fresh = [...new Set(found)];
      for (const folder of fresh) others.add(folder);
      await Promise.all(
        fresh.map((folder) => start(join(root, folder), (path) => segments(root, path).some(isNeverContent))),
      );
    },
    close: async () => {
      clearTimeout(timer);
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}

function segments(root: string, path: string): readonly string[] {
  return relative(root, path).split(/[/\\]/);
}

function isNeverContent(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}
