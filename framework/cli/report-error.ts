import type { CommanderError } from 'commander';
import { MargayError } from '../model/margay-error.ts';
import { renderError } from './reporters/problems.ts';
import type { Terminal } from './terminal.ts';

/** Shows an error: a known one as code, message and hint; an unknown one with its stack, because it is our bug. */
export function reportError(error: unknown, terminal: Terminal): void {
  if (!(error instanceof MargayError)) {
    terminal.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
    terminal.warn('\nThis is a bug in Margay. Please open an issue with the lines above and what you typed.');
    return;
  }
  if (terminal.json) {
    const { code, message, hint, where, problems } = error;
    terminal.printJson({ error: { code, message, hint, where, problems } });
  }
  terminal.warn(renderError(error, terminal.noteColors));
}

/**
 * What commander found wrong with the arguments, as one of our errors; `undefined` when it only showed help or
 * the version.
 */
export function argumentError(error: CommanderError, help: string): MargayError | undefined {
  if (error.exitCode === 0) return undefined;
  if (error.code === 'commander.help') {
    return new MargayError('CLI_ARGUMENTS_INVALID', 'A command is missing.', {
      hint: `'${help}' shows what there is.`,
    });
  }
  const [found = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const meant = suggestion?.match(/Did you mean (.+?)\?\)$/)?.[1];
  const message = `${found.charAt(0).toUpperCase()}${found.slice(1)}${found.endsWith('.') ? '' : '.'}`;
  return new MargayError('CLI_ARGUMENTS_INVALID', message, {
    hint: meant ? `Did you mean '${meant}'? '${help}' shows what there is.` : `'${help}' shows what there is.`,
  });
}
