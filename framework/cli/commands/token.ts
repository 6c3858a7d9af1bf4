import { Command, InvalidArgumentError, Option } from 'commander';
import { type Scope, scopes } from '../../model/caller.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseSpan } from '../parse-time.ts';
import { formatTime } from '../reporters/format-time.ts';
import { plural } from '../reporters/problems.ts';

interface CreateOptions extends ConnectionOptions {
  readonly scope: readonly Scope[];
  readonly expires?: number;
}

/**
 * `margay token`: who may ask a runtime. `--json` prints a `CreatedToken` (`create`), a `TokenList` (`list`) or an
 * `AccessToken` (`revoke`).
 */
export function tokenCommand(): Command {
  const create = defineCommand<CreateOptions>({
    name: 'create',
    summary: 'Make a token with the scopes that its owner needs.',
    description:
      'Makes a token and prints it, this once: the runtime keeps a hash alone.\nScopes: ingest sends logs; read sees what the runtime holds; publish makes bundles live; admin\nmay everything.',
    examples: [
      ['margay token create okta-forwarder --scope ingest', 'for what sends logs'],
      ['margay token create dana --scope read --scope publish --expires 90d', 'for a person, for three months'],
    ],
    run: createToken,
  })
    .argument('<name>', 'What it is called in lists and in the audit: small letters, digits, . _ and -.')
    .addOption(
      new Option('--scope <scope>', `What it may; repeat for more: ${scopes.join(', ')}.`)
        .argParser(addScope)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--expires <duration>', 'When it ends by itself, such as 90d.').argParser(parseSpan));
  const list = defineCommand<ConnectionOptions>({
    name: 'list',
    summary: 'List tokens: what each may, until when, and when it was last used.',
    examples: [['margay token list', 'without the secrets, which nobody has']],
    run: listTokens,
  });
  const revoke = defineCommand<ConnectionOptions>({
    name: 'revoke',
    summary: 'Refuse a token from now on.',
    examples: [['margay token revoke okta-forwarder', 'by its name']],
    run: revokeToken,
  }).argument('<name>', 'The token.');
  const group = new Command('token').summary('Say who may ask a runtime, and for what.');
  group.description('Makes, lists and revokes the tokens of a runtime. Takes the scope admin.');
  for (const command of [create, list, revoke]) group.addCommand(addConnectionOptions(command));
  return group;
}

async function createToken({ args, options, terminal }: CommandInput<CreateOptions>): Promise<ExitCode> {
  const { scope, expires } = options;
  const asked = { name: args[0] as string, scopes: scope, lifetimeMs: expires };
  const created = await openClient(options, terminal).createToken(asked);
  if (terminal.json) {
    terminal.printJson(created);
    return exitCodes.fine;
  }
  terminal.print(created.token);
  const until = created.expiresAtMs === null ? 'does not expire' : `expires ${formatTime(created.expiresAtMs)}`;
  terminal.note(`The token of ${created.name} (${created.scopes.join(', ')}), which ${until}. It is shown this once.`);
  return exitCodes.fine;
}

async function listTokens({ options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const list = await openClient(options, terminal).tokens();
  if (terminal.json) {
    terminal.printJson(list);
    return exitCodes.fine;
  }
  const { renderTable } = await import('../reporters/table.ts');
  const timeOr = (timeMs: number | null, otherwise: string) => (timeMs === null ? otherwise : formatTime(timeMs));
  const rows = list.tokens.map((token) => [
    ...[token.name, token.scopes.join(', '), timeOr(token.expiresAtMs, 'never'), timeOr(token.lastUsedAtMs, 'not yet')],
    ...[formatTime(token.createdAtMs), token.createdBy],
  ]);
  const names = ['token', 'scopes', 'expires', 'last used', 'created', 'by'];
  if (rows.length > 0) {
    terminal.print(renderTable({ columns: names.map((name) => ({ name })), rows, colors: terminal.colors }));
  }
  terminal.note(`(${plural(rows.length, 'token')})`);
  return exitCodes.fine;
}

async function revokeToken({ args, options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const revoked = await openClient(options, terminal).revokeToken(args[0] as string);
  if (terminal.json) terminal.printJson(revoked);
  else terminal.print(`The token of ${revoked.name} is refused from now on.`);
  return exitCodes.fine;
}

function addScope(text: string, before: readonly Scope[] = []): readonly Scope[] {
  const scope = scopes.find((known) => known === text);
  if (scope) return [...new Set([...before, scope])];
  throw new InvalidArgumentError(`Expected one of ${scopes.join(', ')}.`);
}
