import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packages = fileURLToPath(new URL('../github/node_modules/', import.meta.url));
const entry = join(packages, '@actions/expressions/dist/index.js');

/** Whether GitHub's own evaluator is installed; without it workflows cannot be executed. */
export const hasExpressions = existsSync(entry);

/** A function of an expression, such as `failure()`. */
export type Status = Readonly<Record<'success' | 'failure' | 'always' | 'cancelled', boolean>>;

interface Library {
  readonly Lexer: new (text: string) => { lex(): { readonly tokens: unknown } };
  readonly Parser: new (
    tokens: unknown,
    contexts: readonly string[],
    functions: readonly unknown[],
  ) => {
    parse(): unknown;
  };
  readonly Evaluator: new (
    expression: unknown,
    context: unknown,
    functions: unknown,
  ) => {
    evaluate(): { coerceString(): string };
  };
  readonly data: {
    readonly BooleanData: new (value: boolean) => unknown;
    readonly reviver: (key: string, value: unknown) => unknown;
  };
}

/** Evaluates one expression with GitHub's own evaluator. @returns The result as text. */
export async function evaluateExpression(text: string, contexts: object, status: Status): Promise<string> {
  const { Lexer, Parser, Evaluator, data } = (await import(pathToFileURL(entry).href)) as Library;
  const functions = Object.entries(status).map(([name, value]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  }));
  const expression = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), functions).parse();
  const context = JSON.parse(JSON.stringify(contexts), data.reviver);
  const known = new Map(functions.map((it) => [it.name, it]));
  return new Evaluator(expression, context, known).evaluate().coerceString();
}

/** A text of a workflow with its `${{ }}` evaluated. */
export async function fillIn(text: string, contexts: object, status: Status): Promise<string> {
  let filled = '';
  let end = 0;
  for (const found of text.matchAll(/\$\{\{(.*?)\}\}/gs)) {
    filled += text.slice(end, found.index) + (await evaluateExpression((found[1] as string).trim(), contexts, status));
    end = found.index + found[0].length;
  }
  return filled + text.slice(end);
}
