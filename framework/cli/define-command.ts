import { Command } from 'commander';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type GlobalOptions, openTerminal, type Terminal } from './terminal.ts';

/** What a command gets: its arguments and options as parsed, and where to write. */
export interface CommandInput<Options> {
  readonly terminal: Terminal;
  readonly options: Options & GlobalOptions;
  readonly args: readonly string[];
}

/** An example of a command's help: what to type, and what that does. */
export type CommandExample = readonly [command: string, note: string];

/** A command before its own options are added. */
export interface CommandDefinition<Options> {
  readonly name: string;
  readonly summary: string;
  /** More than the summary, for the command's own help. */
  readonly description?: string | undefined;
  readonly examples: readonly CommandExample[];
  readonly run: (input: CommandInput<Options>) => Promise<ExitCode>;
}

/**
 * A commander command. `run` loads what it needs when it is called, so that the start stays fast; its result
 * becomes the exit code.
 */
export function defineCommand<Options>(definition: CommandDefinition<Options>): Command {
  const { name, summary, description = summary, examples, run } = definition;
  return new Command(name)
    .summary(summary)
    .description(description)
    .addHelpText('after', `\n${formatExamples(examples)}`)
    .allowExcessArguments(false)
    .action(async (...parsed: unknown[]) => {
      const command = parsed.at(-1) as Command;
      const options = command.optsWithGlobals() as Options & GlobalOptions;
      const code = await run({ terminal: openTerminal(options), options, args: command.args });
      if (code !== exitCodes.fine) process.exitCode = code;
    });
}

function formatExamples(examples: readonly CommandExample[]): string {
  return ['Examples:', ...examples.flatMap(([command, note]) => [`  # ${note}`, `  $ ${command}`])].join('\n');
}
