import type { Command } from 'commander';
import type { PublishResponse } from '../../runtime/api/index.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { countProblems, renderProblems } from '../reporters/problems.ts';

type PublishOptions = ContentOptions & ConnectionOptions;

/** `margay publish`: compiled content goes live. `--json` prints a `PublishResponse`. */
export function publishCommand(): Command {
  const command = defineCommand<PublishOptions>({
    name: 'publish',
    summary: 'Compile the content and make it live in a runtime.',
    description:
      'Compiles the content, and makes the bundle live if nobody else published meanwhile.\nThe runtime runs the tests of what changed first; a bad bundle leaves the live one running.',
    examples: [
      ['margay publish', 'to the runtime on this machine'],
      ['margay publish --url https://margay.example.com', 'elsewhere, with the token in MARGAY_TOKEN'],
    ],
    run: publish,
  }).addOption(rootOption());
  return addConnectionOptions(command);
}

async function publish({ options, terminal }: CommandInput<PublishOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const client = openClient(options, terminal);
  const { compileContent } = await import('../../compile/index.ts');
  const { envelope, problems } = await compileContent({ root });
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (!envelope || errors.length > 0) {
    if (terminal.json) terminal.printJson({ problems });
    terminal.warn(renderProblems({ problems: errors, root, colors: terminal.noteColors }));
    terminal.warn(`\n${countProblems(errors)}; nothing was published.`);
    return exitCodes.contentWrong;
  }
  if (problems.length > 0) terminal.note(`${countProblems(problems)}; see 'margay check'.`);
  const live = await client.live();
  const published: PublishResponse = await client.publish(envelope, live.serial);
  if (terminal.json) terminal.printJson(published);
  else terminal.print(describePublish(published, client.url));
  for (const name of published.missingSecrets) {
    terminal.warn(`warning: the runtime has no ${name} in its environment; what needs it is not delivered.`);
  }
  return exitCodes.fine;
}

function describePublish({ digest, serial, changed }: PublishResponse, url: string): string {
  return changed
    ? `${digest} is live at ${url}, serial ${serial}`
    : `${digest} was live at ${url} already, serial ${serial}`;
}
