import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import { compileContent } from '../../framework/compile/index.ts';
import type { Bundle, BundleEnvelope } from '../../framework/model/bundle.ts';
import { systemClock } from '../../framework/model/clock.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { drawSlackMessage } from './draw-slack-message.ts';
import { generateOktaMonth } from './okta-month.ts';
import { type SlackReceiver, startSlackReceiver } from './slack-receiver.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const queryId = 'okta/mfa-bypass-adds-by-user';
const recordCount = 4_000;
const batchSize = 200;
const seed = 42;

/** What must be let go of, whatever happens: last in, first out. */
const cleanups: (() => Promise<void>)[] = [];
const stopping = new AbortController();

async function main(): Promise<void> {
  const startedAtMs = Date.now();
  console.log(styleText('bold', 'Margay: from a log line to an alert, in one process\n'));

  const { envelope, bundle } = await stage('Compile the repository', compile);
  const slack = await startSlackReceiver();
  cleanups.push(() => slack.close());
  const runtime = await stage('Start the runtime on a free port, in a temporary folder', () => start(slack));
  const client = connect({ url: runtime.url, signal: stopping.signal });
  await stage('Publish the bundle over HTTP', async () => {
    const { serial, digest } = await client.publish(envelope, 0, { allowMissingSecrets: true });
    return { value: undefined, note: `serial ${serial}, ${digest.slice(0, 19)}…` };
  });

  const month = generateOktaMonth(Date.now(), recordCount, seed);
  await stage('Send 30 days of Okta logs', async () => {
    await sendRecords(client, month.records);
    return { value: undefined, note: `${month.records.length} records to POST /v1/logs/Okta.SystemLog` };
  });
  await stage('Detect, file, alert', async () => ({ value: await runtime.settled(), note: '' }));
  await showSilentAlerts(
    client,
    Object.values(month.bypassAdds).reduce((sum, adds) => sum + adds, 0),
  );

  await stage(`Run the scheduled query ${queryId}`, async () => {
    const run = await client.startRun(queryId, undefined);
    if (run.status !== 'succeeded') throw new Error(`The run ${run.status}: ${run.error ?? 'no reason given'}`);
    return { value: undefined, note: `${run.rowCount} row${run.rowCount === 1 ? '' : 's'}` };
  });
  await showRows(client, bundle);
  await runtime.settled();
  await showSlack(client, slack);
  console.log(
    styleText(
      'dim',
      `\n${((Date.now() - startedAtMs) / 1_000).toFixed(1)} s. Next: npm start, and the tutorial in README.md.`,
    ),
  );
}

/** Runs one stage with its name, and its note and time when it is done. */
async function stage<T>(name: string, run: () => Promise<{ readonly value: T; readonly note: string }>): Promise<T> {
  stopping.signal.throwIfAborted();
  if (process.stdout.isTTY) process.stdout.write(`  … ${name}`);
  const startedAtMs = Date.now();
  const { value, note } = await run();
  const time = styleText('dim', `${Date.now() - startedAtMs} ms`);
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[2K');
  console.log(`  ${styleText('green', '✓')} ${name}${note ? `: ${note}` : ''} ${time}`);
  return value;
}

interface Compiled {
  readonly envelope: BundleEnvelope;
  readonly bundle: Bundle;
}

async function compile(): Promise<{ readonly value: Compiled; readonly note: string }> {
  const { envelope, bundle, problems } = await compileContent({ root, types: false });
  if (!envelope || !bundle)
    throw new Error(`The content does not compile:\n${problems.map(({ message }) => message).join('\n')}`);
  return {
    value: { envelope, bundle },
    note: `${bundle.detections.length} detections, ${bundle.queries.length} scheduled query`,
  };
}

async function start(slack: SlackReceiver): Promise<{ readonly value: Runtime; readonly note: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'margay-demo-'));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  const runtime = await startRuntime({
    directory,
    port: 0,
    env: { ...process.env, SLACK_WEBHOOK_URL: slack.url },
    clock: systemClock,
    onNotice: (notice) => console.error(notice),
    write: () => {},
  });
  cleanups.push(() => runtime.close());
  return { value: runtime, note: runtime.url };
}

async function sendRecords(client: RuntimeClient, records: readonly unknown[]): Promise<void> {
  for (let i = 0; i < records.length; i += batchSize) {
    stopping.signal.throwIfAborted();
    const lines = records.slice(i, i + batchSize).map((record) => JSON.stringify(record));
    const key = `demo-${seed}-${i}`;
    await client.ingest({ logType: 'Okta.SystemLog', key, source: 'demo', body: Buffer.from(lines.join('\n')) });
    if (process.stdout.isTTY)
      process.stdout.write(`\r  … Send 30 days of Okta logs: ${i + lines.length} of ${records.length}`);
  }
}

async function showSilentAlerts(client: RuntimeClient, expected: number): Promise<void> {
  const { alerts } = await client.alerts({ limit: 100, level: 'informational' });
  console.log(
    `\n${styleText('bold', 'Recorded and delivered nowhere')} ${styleText('dim', '(margay alerts --level informational)')}`,
  );
  for (const alert of alerts) {
    const when = new Date(alert.firstEventTimeMs).toISOString().slice(0, 16).replace('T', ' ');
    console.log(
      `  ${when}  ${alert.title}  ${styleText('dim', `destinations: ${JSON.stringify(alert.destinations)}`)}`,
    );
  }
  if (alerts.length !== expected) throw new Error(`Expected ${expected} silent alerts, found ${alerts.length}.`);
  console.log('');
}

async function showRows(client: RuntimeClient, bundle: Bundle): Promise<void> {
  const sql = bundle.queries.find((query) => query.id === queryId)?.sql ?? '';
  const { rows } = await client.query(sql, 100);
  console.log(`\n${styleText('bold', 'The rows of the query')}`);
  console.table(rows);
  console.log('');
}

async function showSlack(client: RuntimeClient, slack: SlackReceiver): Promise<void> {
  const { alerts } = await client.alerts({ limit: 100, level: 'high+' });
  if (alerts.length !== 1 || slack.messages.length !== 1) {
    throw new Error(
      `Expected one high alert in Slack, found ${alerts.length} alerts and ${slack.messages.length} messages.`,
    );
  }
  console.log(`${styleText('bold', 'The one high alert')}${styleText('dim', ', as Slack got it:')}\n`);
  for (const message of slack.messages) console.log(drawSlackMessage(message));
}

function untilStopped(): Promise<never> {
  return new Promise((_, reject) => {
    stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason), { once: true });
  });
}

async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup().catch(() => {});
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort(new Error('stopped'));
    console.error('\nStopping; press Ctrl-C again to leave at once.');
  });
}

// A reader that went away (`| head`) ends the demo like Ctrl-C does.
process.stdout.on('error', () => stopping.abort(new Error('nobody reads any more')));

try {
  await Promise.race([main(), untilStopped()]);
} catch (error) {
  if (!stopping.signal.aborted) console.error(error);
  process.exitCode = stopping.signal.aborted ? 130 : 1;
} finally {
  await cleanUp();
  // What was cut off in the middle (a compile, a request) is not waited for.
  process.exit();
}
