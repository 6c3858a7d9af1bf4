import { createContext, Script } from 'node:vm';
import { contentGlobals } from '../../model/content-globals.ts';

/** Content's top level does next to nothing; longer than this is a loop. */
const timeoutMs = 2_000;

/** What a script gave. */
export type Evaluation =
  | { readonly value: unknown }
  /** `line` and `col` from 1, in the script; absent for an endless loop. */
  | { readonly error: string; readonly line?: number; readonly col?: number };

const keepOnly = (allowed: string): string =>
  `for (const name of Object.getOwnPropertyNames(globalThis)) if (!${allowed}.includes(name)) delete globalThis[name];`;

/**
 * The value of a script, run in an empty realm: the language's own globals that content may use, no object of the
 * host, no code from text. What leaves it is JSON text, made inside.
 *
 * Only for code that the purity lint has passed: a realm alone is no wall.
 */
export function evaluateScript(code: string): Evaluation {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  const filename = 'content';
  try {
    new Script(keepOnly(JSON.stringify(contentGlobals))).runInContext(context);
    const json: unknown = new Script(code, { filename }).runInContext(context, { timeout: timeoutMs });
    return { value: typeof json === 'string' ? JSON.parse(json) : undefined };
  } catch (thrown) {
    return describeError(thrown, filename);
  }
}

function describeError(thrown: unknown, filename: string): Evaluation {
  const { code, message, stack } = (Object(thrown) ?? {}) as { code?: unknown; message?: unknown; stack?: unknown };
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { error: `it does not end within ${timeoutMs / 1_000} seconds` };
  const found = new RegExp(`${filename}:(\\d+):(\\d+)`).exec(String(stack));
  const error = message === undefined ? String(thrown) : `${String((thrown as Error).name)}: ${String(message)}`;
  return found ? { error, line: Number(found[1]), col: Number(found[2]) } : { error };
}
