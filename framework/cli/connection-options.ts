import { type Command, Option } from 'commander';
import { MargayError } from '../model/margay-error.ts';
import { actionsToken } from './actions-token.ts';
import { connect, type RuntimeClient } from './client.ts';
import { readFile } from './read-file.ts';
import type { Terminal } from './terminal.ts';

/** The options of every command that talks to a runtime. */
export interface ConnectionOptions {
  readonly url: string;
  readonly tokenEnv: string;
  readonly tokenFile?: string | undefined;
}

/** Where a runtime listens when nothing else is said. */
export const defaultUrl = 'http://127.0.0.1:7430';

/** Adds `--url`, `--token-env` and `--token-file`. A token is never an argument: arguments show in process lists. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'The runtime.').env('MARGAY_URL').default(defaultUrl))
    .addOption(
      new Option('--token-env <name>', 'The environment variable that holds the token.').default('MARGAY_TOKEN'),
    )
    .addOption(new Option('--token-file <file>', 'A file that holds the token, instead.').env('MARGAY_TOKEN_FILE'));
}

/** A client of the runtime that the options name. */
export function openClient(options: ConnectionOptions, terminal: Terminal, signal?: AbortSignal): RuntimeClient {
  const url = parseUrl(options.url);
  // A job of GitHub's that has no token of its own shows who it is instead.
  const token = readToken(options) ?? actionsToken(process.env, url.origin);
  if (token && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    terminal.warn(`warning: the token travels unencrypted to ${url.origin}; use https.`);
  }
  return connect({ url: url.href, token, signal });
}

function parseUrl(text: string): URL {
  // An empty variable says nothing: so a workflow hands on one that nobody has set.
  const url = URL.canParse(text || defaultUrl) ? new URL(text || defaultUrl) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new MargayError('CLI_ARGUMENTS_INVALID', `'${text}' is not the URL of a runtime.`, {
    hint: `Write --url ${defaultUrl}, or set MARGAY_URL.`,
  });
}

function readToken({ tokenEnv, tokenFile }: ConnectionOptions): string | undefined {
  if (tokenFile === undefined) return process.env[tokenEnv]?.trim() || undefined;
  return readFile(tokenFile, 'token file').trim();
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
