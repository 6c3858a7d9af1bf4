import { isAbsolute, join, relative } from 'node:path';
import { type Command, Option } from 'commander';
import { systemClock } from '../../model/clock.ts';
import type { Trust } from '../../model/trust.ts';
import type { Runtime } from '../../runtime/start-runtime.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { parsePort } from '../parse-count.ts';
import { readFile } from '../read-file.ts';
import { runBanner } from '../reporters/run-banner.ts';
import type { Terminal } from '../terminal.ts';
import { coalesce } from '../watch/coalesce.ts';
import { type PublishOutcome, publishContent } from '../watch/publish-content.ts';
import type { ContentWatch } from '../watch/watch-content.ts';

interface RunOptions extends ContentOptions {
  readonly watch?: true;
  readonly publish: boolean;
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly tokenEnv: string;
  readonly trust?: string;
}

/** What `margay run --json` prints, one event a line. */
export type RunEvent =
  | { readonly event: 'started'; readonly url: string; readonly data: string }
  | PublishOutcome
  | { readonly event: 'stopped' };

/** `margay run`: the embedded runtime. */
export function runCommand(): Command {
  return defineCommand<RunOptions>({
    name: 'run',
    summary: 'Run the embedded runtime with the content of this repository.',
    description:
      'Starts the runtime, makes the content live if it is not, and runs until Ctrl-C.\nContent that is wrong is reported, and what was live before keeps running.\nIt makes the content live as it is, without what margay publish asks leave for: many removals, secrets that are missing (they are named), ids that come back. Whoever starts it has the data and the environment in hand. A rollback holds it as well. Where others publish, use --no-publish.',
    examples: [
      ['margay run --watch', 'publish again on every change'],
      ['margay run --host 0.0.0.0 --port 8080', 'for others; needs a token in MARGAY_TOKEN'],
      ['margay run --no-publish --data /var/lib/margay', 'content comes from margay publish alone'],
    ],
    run: runRuntime,
  })
    .addOption(rootOption())
    .option('--watch', 'Publish the content again on every change.')
    .option('--no-publish', 'Leave live what is live.')
    .addOption(new Option('--host <address>', 'The address to listen on.').env('MARGAY_HOST').default('127.0.0.1'))
    .addOption(
      new Option('--port <port>', 'The port; 0 takes a free one.')
        .env('MARGAY_PORT')
        .argParser(parsePort)
        .default(7430),
    )
    .addOption(
      new Option('--data <dir>', 'Where everything durable lives, below the root if relative.')
        .env('MARGAY_DATA')
        .default('.data'),
    )
    .addOption(
      new Option('--token-env <name>', 'The environment variable that holds the token.').default('MARGAY_TOKEN'),
    )
    .addOption(
      new Option('--trust <file>', 'A JSON file: whose bundles are taken, and which workflow may publish.').env(
        'MARGAY_TRUST',
      ),
    );
}

async function runRuntime({ options, terminal }: CommandInput<RunOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const directory = isAbsolute(options.data) ? options.data : join(root, options.data);
  const token = process.env[options.tokenEnv]?.trim() || undefined;
  const { startRuntime } = await import('../../runtime/start-runtime.ts');
  const runtime = await startRuntime({
    directory,
    host: options.host,
    port: options.port,
    token,
    trust: await readTrust(options.trust),
    env: process.env,
    clock: systemClock,
    onNotice: (notice) => terminal.warn(notice),
  });
  const stopped = untilInterrupted(terminal);
  emit({ event: 'started', url: runtime.url, data: directory }, terminal);
  terminal.note(
    runBanner({
      url: runtime.url,
      data: relative('.', directory) || '.',
      watch: options.watch ?? false,
      guarded: token !== undefined,
    }),
  );
  const stopPublishing = options.publish ? await startPublishing(root, runtime, options, terminal) : undefined;
  await stopped;
  await stopPublishing?.();
  await runtime.close();
  emit({ event: 'stopped' }, terminal);
  return exitCodes.fine;
}

async function readTrust(file: string | undefined): Promise<Trust | undefined> {
  if (file === undefined) return undefined;
  const { parseTrust } = await import('../../runtime/access/index.ts');
  return parseTrust(readFile(file, 'trust file'), file);
}

/** Publishes the content now and, with `--watch`, on every change. The result ends that. */
async function startPublishing(
  root: string,
  runtime: Runtime,
  { watch }: RunOptions,
  terminal: Terminal,
): Promise<() => Promise<void>> {
  const publishing = coalesce(async () => {
    const { outcome, files } = await publishContent(root, runtime, terminal);
    await watcher?.include(files);
    emit(outcome, terminal);
  });
  const watcher = watch ? await startWatching(root, () => void publishing.run()) : undefined;
  await watcher?.ready;
  await publishing.run();
  return async () => {
    await watcher?.close();
    await publishing.settled();
  };
}

/** Loads what watches only where it is wanted, so that every command starts fast. */
async function startWatching(root: string, onChange: () => void): Promise<ContentWatch> {
  const { watchContent } = await import('../watch/watch-content.ts');
  return watchContent({ root, onChange });
}

function emit(event: RunEvent, terminal: Terminal): void {
  if (terminal.json) process.stdout.write(`${JSON.stringify(event)}\n`);
}

function untilInterrupted(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    onInterrupt(() => {
      terminal.note('\nStopping. Ctrl-C again stops at once; nothing accepted is lost either way.');
      resolve();
    });
  });
}
