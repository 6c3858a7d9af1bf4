const step = /\.([A-Za-z_][A-Za-z0-9_-]*|"[^"\\*]+")|\[(\d+)\]/y;

/**
 * Whether a text may stand after `->>`: a plain key, or a path from the root such as `$.target[0].id`
 * (zero-based). What engines read differently is not: an empty key, JSON pointers, wildcards,
 * backslashes.
 */
export function isJsonKey(text: string): boolean {
  return jsonSteps(text) !== undefined;
}

/** The keys and indexes that a text after `->>` leads through; `undefined` when it is neither key nor path. */
export function jsonSteps(text: string): readonly (string | number)[] | undefined {
  if (text === '' || text === '*' || text.startsWith('/') || text.includes('\\')) return undefined;
  if (!text.startsWith('$')) return [text];
  const steps: (string | number)[] = [];
  step.lastIndex = 1;
  let end = 1;
  for (let found = step.exec(text); found; found = step.exec(text)) {
    steps.push(found[2] === undefined ? (found[1] as string).replaceAll('"', '') : Number(found[2]));
    end = step.lastIndex;
  }
  return steps.length > 0 && end === text.length ? steps : undefined;
}
