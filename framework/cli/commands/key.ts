import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { drawKeyPair } from '../../model/bundle-signature.ts';
import { MargayError } from '../../model/margay-error.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';

/** What `margay key create --json` prints. */
export interface CreatedKey {
  readonly file: string;
  readonly publicKey: string;
}

/** `margay key`: `create` makes what signs bundles. */
export function keyCommand(): Command {
  const create = defineCommand<object>({
    name: 'create',
    summary: 'Make a pair of keys that signs bundles.',
    description:
      "Writes a private Ed25519 key that its owner alone can read, and prints the public key, which goes\ninto 'publicKeys' of a runtime's trust file.",
    examples: [['margay key create deploy.pem', "then 'margay publish --sign deploy.pem'"]],
    run: createKey,
  }).argument('<file>', 'Where the private key goes; never over a file that is there.');
  return new Command('key')
    .summary('Make keys that sign bundles.')
    .description('Makes keys that sign bundles.')
    .addCommand(create);
}

async function createKey({ args, terminal }: CommandInput<object>): Promise<ExitCode> {
  const file = args[0] as string;
  const { privateKey, publicKey } = drawKeyPair();
  try {
    writeFileSync(file, privateKey, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new MargayError(
      'CLI_FILE_UNWRITABLE',
      `The key cannot be written to '${file}': ${code === 'EEXIST' ? 'it is there already' : message}.`,
      { hint: 'Name a file that is not there yet, in a folder that is.', cause },
    );
  }
  const created: CreatedKey = { file, publicKey };
  if (terminal.json) terminal.printJson(created);
  else terminal.print(publicKey);
  terminal.note(`The private key is in ${file}. The line above goes into 'publicKeys' of the runtime's trust file.`);
  return exitCodes.fine;
}
