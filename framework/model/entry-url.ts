/**
 * The URL of a worker's or child's entry file, as compiled JavaScript. From source (`.ts`, in tests) it leads
 * to the built file in `dist/`, because Node runs no TypeScript.
 *
 * @param from - `import.meta.url` of the caller.
 * @param entry - Relative path of the entry, ending in `.ts`.
 */
export function entryUrl(from: string, entry: string): URL {
  const url = new URL(entry.replace(/\.ts$/, '.js'), from);
  if (!from.endsWith('.ts')) return url;
  const [root, path] = splitAtFramework(url.href);
  return new URL(`${root}dist/${path}`);
}

function splitAtFramework(href: string): readonly [string, string] {
  const start = href.lastIndexOf('/framework/') + '/framework/'.length;
  return [href.slice(0, start), href.slice(start)];
}
