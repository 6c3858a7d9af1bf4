/**
 * An unexpected error, its stack and what caused it, as one line: for a log whose entries are lines, whatever the
 * messages hold.
 */
export function describeFailure(error: unknown): string {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  for (let it = error; it !== undefined && !seen.has(it); it = it instanceof Error ? it.cause : undefined) {
    seen.add(it);
    parts.push(oneLine(it instanceof Error ? stackOf(it) : String(it)));
  }
  return parts.join(' | caused by ');
}

/** The stack, which begins with name and message unless somebody changed them later. */
function stackOf(error: Error): string {
  const stack = error.stack ?? '';
  return stack.includes(error.message) ? stack : `${error.name}: ${error.message}\n${stack}`;
}

function oneLine(text: string): string {
  const lines = text.split(/[\r\n\u2028\u2029]+/).map((line) => line.trim());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
  return lines.join(' | ').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
