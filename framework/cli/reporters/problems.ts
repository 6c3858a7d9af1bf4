import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatWhere, type MargayError, type Problem } from '../../model/margay-error.ts';
import type { Colors } from '../terminal.ts';
import { visibleText } from '../visible-text.ts';
import { codeFrame } from './code-frame.ts';

/** How to show problems. */
export interface ProblemsOptions {
  readonly problems: readonly Problem[];
  /** The content root, for code frames. */
  readonly root: string;
  readonly colors: Colors;
}

/** Problems grouped by file: where, what, a code frame and a hint for each. */
export function renderProblems({ problems, root, colors }: ProblemsOptions): string {
  const read = fileReader(root);
  const files = [...new Set(problems.map((problem) => problem.where?.file))];
  return files
    .map((file) => {
      const group = problems.filter((problem) => problem.where?.file === file);
      const blocks = group.map((problem) => renderProblem(problem, read, colors));
      return [...(file ? [colors.underline(visibleText(file))] : []), ...blocks].join('\n');
    })
    .join('\n\n');
}

/** `2 errors, 1 finding`; `no problems` when there are none. */
export function countProblems(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const parts = [plural(errors, 'error'), plural(problems.length - errors, 'finding')];
  return parts.filter((part) => !part.startsWith('0 ')).join(', ') || 'no problems';
}

/** `1 file`, `2 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** An error as stderr shows it: code, message, place, hint, and every problem behind it. */
export function renderError(error: MargayError, colors: Colors): string {
  // An error that stands for its first problem says the same as that; the problem knows the place and its own code.
  const same = error.problems.find(({ message }) => message === error.message);
  const { where: place = same?.where } = error;
  const where = place ? `${visibleText(formatWhere(place))}  ` : '';
  const code = same?.code ?? error.code;
  const lines = [`${where}${colors.red('error')} ${colors.bold(code)}  ${indentRest(visibleText(error.message), 2)}`];
  for (const problem of error.problems.filter((each) => each !== same && !isSaid(each, error))) {
    const at = problem.where ? `${formatWhere(problem.where)}  ` : '';
    lines.push(`  ${visibleText(at)}${problem.code}  ${indentRest(visibleText(problem.message), 6)}`);
    if (problem.hint) lines.push(colors.dim(`      hint: ${indentRest(visibleText(problem.hint), 12)}`));
  }
  if (error.hint) lines.push(colors.dim(`  hint: ${indentRest(visibleText(error.hint), 8)}`));
  return lines.join('\n');
}

/** Whether the message of an error has all that a problem behind it says. */
function isSaid({ message, where, hint }: Problem, error: MargayError): boolean {
  return !where && !hint && error.message.includes(message);
}

function renderProblem(problem: Problem, read: (file: string) => string | undefined, colors: Colors): string {
  const { where, severity, code, hint } = problem;
  const place = where ? `${colors.cyan(visibleText(formatWhere(where)))}  ` : '';
  const word = severity === 'error' ? colors.red('error') : colors.yellow('finding');
  const lines = [`  ${place}${word} ${colors.bold(code)}  ${indentRest(visibleText(problem.message), 6)}`];
  const content = where && read(where.file);
  const frame = where && content ? codeFrame(content, where.line, where.col) : undefined;
  if (frame) lines.push(...frame.split('\n').map((line) => `      ${colors.dim(line)}`));
  if (hint) lines.push(`      hint: ${indentRest(visibleText(hint), 12)}`);
  return lines.join('\n');
}

function indentRest(text: string, columns: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(columns)}`);
}

function fileReader(root: string): (file: string) => string | undefined {
  const contents = new Map<string, string | undefined>();
  return (file) => {
    if (!contents.has(file)) contents.set(file, readText(join(root, file)));
    return contents.get(file);
  };
}

/** A problem may stand in a file that is gone or cannot be read; it is shown without a frame then. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
