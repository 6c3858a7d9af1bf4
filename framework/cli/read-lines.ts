import { isRecord } from '../model/path.ts';
import type { ProblemResponse } from '../runtime/api/index.ts';
import { problemError } from './answer-error.ts';

/**
 * The values of an NDJSON answer as they come; blank lines keep the connection alive.
 *
 * @throws what a last line of the kind `failed` says, and SyntaxError for a line that is no JSON
 */
export async function* readLines(response: Response): AsyncGenerator<unknown, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield parseLine(line);
  }
  if (rest !== '') yield parseLine(rest);
}

function parseLine(line: string): unknown {
  const value: unknown = JSON.parse(line);
  if (isRecord(value) && value.kind === 'failed') throw problemError(value.problem as ProblemResponse);
  return value;
}
