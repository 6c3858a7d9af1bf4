/**
 * The value of a JSON text, such as a policy document inside a field; `undefined` where it is none.
 *
 * Read what it holds with `get`: `get(parseJson(event.policy), 'Statement[0].Effect') === 'Allow'`.
 */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
