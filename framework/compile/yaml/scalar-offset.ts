/** Where a scalar stands in its file's text, and the value it has. */
export interface ScalarSource {
  /** The file's text. */
  readonly text: string;
  /** Offset of the scalar: its quote, its block header (`|`), or its first character. */
  readonly start: number;
  /** Offset after the scalar. */
  readonly end: number;
  readonly value: string;
}

/** The offset in the file of the character at `offset` of a scalar's value. */
export function scalarOffset(source: ScalarSource, offset: number): number {
  const first = source.text[source.start];
  if (first === '|') return literalOffset(source, offset);
  if (first === '>') return alignedOffset(source, bodyStart(source), offset, false);
  if (first === '"' || first === "'") return alignedOffset(source, source.start + 1, offset, true);
  return alignedOffset(source, source.start, offset, false);
}

/** Literal blocks keep their lines, less the same indentation on each. */
function literalOffset(source: ScalarSource, offset: number): number {
  const body = source.text.slice(bodyStart(source), source.end).split('\n');
  const lines = source.value.split('\n');
  const filled = lines.findIndex((line) => line.trim() !== '');
  const indent = filled < 0 ? 0 : leadingSpaces(body[filled] ?? '') - leadingSpaces(lines[filled] as string);
  let rest = offset;
  let position = bodyStart(source);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (rest <= line.length) return Math.min(position + indent + rest, source.end);
    rest -= line.length + 1;
    position += (body[i] ?? '').length + 1;
  }
  return source.end;
}

/** Folded and flow scalars: walk value and source side by side; runs of blanks and escapes take more source. */
function alignedOffset(source: ScalarSource, start: number, offset: number, quoted: boolean): number {
  const quote = quoted ? source.text[source.start] : undefined;
  let from = start;
  for (let i = 0; i < offset && from < source.end; i++) {
    if (quote === '"' && source.text[from] === '\\') from += escapeLength(source.text[from + 1]);
    else if (quote === "'" && source.text[from] === "'") from += 2;
    else if (isBlank(source.value[i]) && isBlank(source.text[from])) {
      from++;
      if (!isBlank(source.value[i + 1])) while (isBlank(source.text[from])) from++;
    } else from++;
  }
  return Math.min(from, source.end);
}

function bodyStart(source: ScalarSource): number {
  const newline = source.text.indexOf('\n', source.start);
  const body = newline < 0 ? source.end : newline + 1;
  if (source.text[source.start] !== '>') return body;
  let first = body;
  while (first < source.end && isBlank(source.text[first])) first++;
  return first;
}

function escapeLength(kind: string | undefined): number {
  return { x: 4, u: 6, U: 10 }[kind ?? ''] ?? 2;
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t';
}
