import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of a new repository. */
export interface Template {
  /** In the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** The packed package: this file is in its `dist/cli/init/`. */
const packageFolder = fileURLToPath(new URL('../../../', import.meta.url));

/** What makes a folder a content repository. It is written last, so that a run that broke off is taken up again. */
export const markerFile = 'margay.config.ts';

/**
 * The files of a content repository. Its package depends on the version of Margay that runs.
 *
 * @param folder - The folder to be, after which the package is named.
 */
export function contentTemplates(folder: string): readonly Template[] {
  const templates = readTemplates('repository').map(({ path, text }): Template => {
    // npm packs no file of that name.
    if (path === 'gitignore') return { path: '.gitignore', text };
    return path === 'package.json' ? { path, text: describePackage(text, folder) } : { path, text };
  });
  return [
    ...templates.filter(({ path }) => path !== markerFile),
    ...templates.filter(({ path }) => path === markerFile),
  ];
}

/** The workflows that test, plan and deploy on GitHub. */
export function workflowTemplates(): readonly Template[] {
  return readTemplates('workflows').map(({ path, text }) => ({ path: `.github/workflows/${path}`, text }));
}

function readTemplates(name: string): readonly Template[] {
  const folder = join(packageFolder, 'templates', name);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: relative(folder, file).replaceAll(sep, '/'),
      text: readFileSync(file, 'utf8'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function describePackage(text: string, folder: string): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const described = JSON.parse(text) as { name: string; devDependencies: Record<string, string> };
  described.devDependencies.margay = version;
  described.name = packageName(folder, Object.keys(described.devDependencies));
  return `${JSON.stringify(described, null, 2)}\n`;
}

/** A name that npm takes, and that is not one of what the package depends on: npm would refuse to install that. */
function packageName(folder: string, taken: readonly string[]): string {
  const plain = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 100);
  if (plain === '' || plain === 'node_modules') return 'detections';
  return taken.includes(plain) ? `${plain}-detections` : plain;
}
