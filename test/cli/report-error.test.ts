import { expect, it } from 'vitest';
import { reportError } from '../../framework/cli/report-error.ts';
import { openTerminal, type Terminal } from '../../framework/cli/terminal.ts';
import { MargayError } from '../../framework/model/margay-error.ts';

function listen(): { readonly terminal: Terminal; readonly warned: string[] } {
  const warned: string[] = [];
  return { terminal: { ...openTerminal({ color: false }), warn: (text) => void warned.push(text) }, warned };
}

it('an unknown error shows its stack, and asks for an issue', () => {
  const { terminal, warned } = listen();
  reportError(new TypeError('x is not a function'), terminal);
  expect(warned.join('\n')).toMatch(/^TypeError: x is not a function\n {4}at .*report-error\.test/);
  expect(warned.join('\n')).toContain('This is a bug in Margay. Please open an issue');
});

it('a known error shows no stack', () => {
  const { terminal, warned } = listen();
  reportError(
    new MargayError('CLI_RUNTIME_UNREACHABLE', 'No runtime answers.', { cause: new Error('secret') }),
    terminal,
  );
  expect(warned).toEqual(['error CLI_RUNTIME_UNREACHABLE  No runtime answers.']);
});

it('an error that stands for its first problem is said once, with the place and code of that', () => {
  const { terminal, warned } = listen();
  const first = { code: 'SQL_TIME_UNBOUNDED', message: 'A / B.', hint: 'Write //.', severity: 'error' } as const;
  const second = { code: 'SQL_STAR_EVENTS', message: 'Every column.', severity: 'error' } as const;
  const problems = [{ ...first, where: { file: 'query', line: 1, col: 8 } }, second];
  reportError(new MargayError('API_QUERY_INVALID', first.message, { hint: first.hint, problems }), terminal);
  expect(warned.join('\n').split('\n')).toEqual([
    'query:1:8  error SQL_TIME_UNBOUNDED  A / B.',
    '  SQL_STAR_EVENTS  Every column.',
    '  hint: Write //.',
  ]);
});

it('a problem that the message already has is not said again', () => {
  const { terminal, warned } = listen();
  const problem = { code: 'API_REQUEST_INVALID', message: "'sql': must not be empty.", severity: 'error' } as const;
  const message = `The request is not of the expected shape. ${problem.message}`;
  reportError(new MargayError('API_REQUEST_INVALID', message, { problems: [problem] }), terminal);
  expect(warned).toEqual([`error API_REQUEST_INVALID  ${message}`]);
});
