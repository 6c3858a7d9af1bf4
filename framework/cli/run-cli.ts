import { type Command, CommanderError } from 'commander';
import { buildProgram } from './build-program.ts';
import { exitCodeOf } from './exit-code.ts';
import { argumentError, reportError } from './report-error.ts';
import { type GlobalOptions, openTerminal } from './terminal.ts';

/** Runs one command line. Sets `process.exitCode`; never throws. */
export async function runCli(args: readonly string[], version: string): Promise<void> {
  const program = buildProgram(version);
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
  } catch (error) {
    const known = error instanceof CommanderError ? argumentError(error, helpFor(program, args)) : error;
    if (known === undefined) return;
    reportError(known, openTerminal(globalOptions(args)));
    process.exitCode = exitCodeOf(known);
  }
}

/** The help that says more about what was typed. */
function helpFor(program: Command, args: readonly string[]): string {
  const names = ['margay'];
  let command = program;
  for (const arg of args) {
    const next = command.commands.find((subcommand) => subcommand.name() === arg);
    if (!next) continue;
    command = next;
    names.push(arg);
  }
  return `${names.join(' ')} --help`;
}

/** The global options, read from arguments that may be wrong otherwise. */
function globalOptions(args: readonly string[]): GlobalOptions {
  return {
    color: !args.includes('--no-color'),
    ...(args.includes('--json') && { json: true }),
    ...((args.includes('--quiet') || args.includes('-q')) && { quiet: true }),
  };
}
