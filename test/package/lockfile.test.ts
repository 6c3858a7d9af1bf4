import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lockfile = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const packages = Object.entries(lockfile.packages);

it('the lockfile names no download address', () => {
  const addressed = packages.filter(([, { resolved }]) => resolved?.includes(':'));
  expect(addressed.map(([name]) => name)).toEqual([]);
});

it('the lockfile holds every optional package, so that npm ci works on any platform', () => {
  const names = new Set(
    packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  );
  const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.has(name))
      .map((name) => `${name} of ${path}`),
  );
  expect(missing).toEqual([]);
});

it('every dependency of ours is pinned to one version', () => {
  for (const manifest of ['../../package.json', '../../framework/package.json']) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(new URL(manifest, import.meta.url), 'utf8'),
    ) as Record<string, Record<string, string> | undefined>;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(`${name}@${version}`).toMatch(/@\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  }
});
