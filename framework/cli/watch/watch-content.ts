import type { Stats } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { watch } from 'chokidar';

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
  include(files: readonly string[]): void;
  close(): Promise<void>;
}

const quietMs = 100;
const contentFolders = ['detections', 'scheduled-queries', 'fixtures', 'log-types'];

/**
 * Watches the files of the root itself and, with everything below, its content folders, also those that appear
 * later. Dot folders and node_modules never are. A file that an editor replaces instead of writing is seen too.
 */
export function watchContent({ root, onChange }: WatchOptions): ContentWatch {
  const folders = new Set(contentFolders);
  let timer: NodeJS.Timeout | undefined;

  const isIgnored = (path: string, stats?: Stats): boolean => {
    const [first = '', ...rest] = segments(root, path);
    if (isNeverContent(first)) return true;
    const isBelowFolder = rest.length > 0 || (first !== '' && (stats?.isDirectory() ?? false));
    return isBelowFolder && !folders.has(first);
  };
  const watcher = watch(root, { ignored: isIgnored, ignoreInitial: true });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs);
  });
  // A folder that cannot be watched is one that cannot be read: the compiler says so.
  watcher.on('error', onChange);

  return {
    ready: new Promise((resolve) => {
      watcher.once('ready', resolve);
    }),
    include: (files) => {
      for (const file of files) {
        const [folder, ...rest] = segments(root, isAbsolute(file) ? file : join(root, file));
        if (!folder || rest.length === 0 || isNeverContent(folder) || folders.has(folder)) continue;
        folders.add(folder);
        watcher.add(join(root, folder));
      }
    },
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

function segments(root: string, path: string): readonly string[] {
  return relative(root, path).split(/[/\\]/);
}

function isNeverContent(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}
