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
