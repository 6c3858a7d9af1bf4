import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One file of a tree that is made; a `sha` of `null` removes the file. */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly content?: string;
  readonly sha?: string | null;
}

interface Person {
  readonly name: string;
  readonly email: string;
}

const person: Person = { name: 'Local GitHub', email: 'local-github@example.com' };
const signature = {
  GIT_AUTHOR_NAME: person.name,
  GIT_AUTHOR_EMAIL: person.email,
  GIT_COMMITTER_NAME: person.name,
  GIT_COMMITTER_EMAIL: person.email,
};

/** What the git data API does, on a bare repository of real git. */
export class BareRepository {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  git(args: readonly string[], input?: string, env: Readonly<Record<string, string>> = {}): string {
    const options = { cwd: this.path, input, env: { ...process.env, ...signature, ...env }, stdio: 'pipe' } as const;
    return execFileSync('git', [...args], options)
      .toString()
      .trimEnd();
  }

  /** The commit that a ref such as `heads/main` names. */
  resolve(ref: string): string | undefined {
    try {
      return this.git(['rev-parse', '--verify', '--quiet', `refs/${ref}^{commit}`]);
    } catch {
      return undefined;
    }
  }

  commit(sha: string): { tree: string; parents: readonly string[]; author: Person; message: string } {
    const shown = this.git(['show', '-s', '--format=%T%n%P%n%an%n%ae%n%B', sha]).split('\n');
    const [tree = '', parents = '', name = '', email = '', ...message] = shown;
    return { tree, parents: parents.split(' ').filter(Boolean), author: { name, email }, message: message.join('\n') };
  }

  writeTree(base: string | undefined, entries: readonly TreeEntry[]): string {
    const folder = mkdtempSync(join(tmpdir(), 'local-github-'));
    const index = { GIT_INDEX_FILE: join(folder, 'index') };
    try {
      if (base !== undefined) this.git(['read-tree', base], undefined, index);
      const lines = entries.map(({ path, mode, content, sha }) => {
        if (sha === null) return `0 ${'0'.repeat(40)}\t${path}`;
        return `${mode} ${sha ?? this.git(['hash-object', '-w', '--stdin'], content)}\t${path}`;
      });
      this.git(['update-index', '--index-info'], `${lines.join('\n')}\n`, index);
      return this.git(['write-tree'], undefined, index);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  writeCommit(tree: string, parents: readonly string[], message: string, author: Person = person): string {
    const env = { GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email };
    return this.git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], message, env);
  }

  /** The tree of a merge; `undefined` when the two are in conflict. */
  mergeTree(base: string, head: string): string | undefined {
    try {
      return this.git(['merge-tree', '--write-tree', base, head]).split('\n')[0];
    } catch {
      return undefined;
    }
  }
}
