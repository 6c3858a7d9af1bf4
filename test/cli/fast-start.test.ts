import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const dist = new URL('../../framework/dist/', import.meta.url);

it('loads nothing heavy before a command runs', () => {
  const { files, packages } = staticImports(new URL('cli/main.js', dist));
  expect([...packages].sort()).toEqual(['commander', 'picocolors']);
  const rooms = new Set([...files].map((file) => file.slice(dist.href.length).split('/')[0]));
  expect([...rooms].sort()).toEqual(['cli', 'model']);
});

/** What is loaded with a module, dynamic imports aside. */
function staticImports(entry: URL): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (module: URL): void => {
    if (files.has(module.href)) return;
    files.add(module.href);
    const source = readFileSync(fileURLToPath(module), 'utf8');
    for (const [, specifier = ''] of source.matchAll(/^(?:import|export)\b[^;]*?\bfrom ["']([^"']+)["']/gm)) {
      if (specifier.startsWith('.')) visit(new URL(specifier, module));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  };
  visit(entry);
  return { files, packages };
}
