import { cpus, loadavg, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { ackPart } from './lake/ack-part.ts';
import { backtestPart } from './lake/backtest-part.ts';
import { type BenchOptions, type BenchPart, isReached, type PartReport } from './lake/bench-part.ts';
import { isOnDisk } from './lake/bench-runtime.ts';
import { ingestPart } from './lake/ingest-part.ts';
import { queryPart } from './lake/query-part.ts';
import { sizePart } from './lake/size-part.ts';

/** The parts by name. `npm run bench:lake -- ack ingest` runs some of them; without names all are run. */
const parts: Readonly<Record<string, BenchPart>> = {
  ack: ackPart,
  ingest: ingestPart,
  size: sizePart,
  backtest: backtestPart,
  query: queryPart,
};

const usage = `npm run bench:lake -- [part…] [--json] [--seconds N] [--runs N] [--rows N]

Measures the lake on this machine; without a part all of them:
${Object.entries(parts)
  .map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`)
  .join('\n')}`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '60' },
        runs: { type: 'string', default: '5' },
        rows: { type: 'string' },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(3);
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const names = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`No part is called ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(3);
}
const options: BenchOptions = {
  seconds: Number(values.seconds),
  runs: Number(values.runs),
  rows: values.rows === undefined ? undefined : Number(values.rows),
};

const measured: Record<string, unknown> = {};
let isAllReached = true;
for (const name of names) {
  const part = parts[name] as BenchPart;
  if (!values.json) console.log(`\n${name}: ${part.summary}`);
  const { figures, goals }: PartReport = await part.run(options);
  const held = goals.map((goal) => ({ ...goal, isReached: isReached(goal) }));
  isAllReached &&= held.every((goal) => goal.isReached);
  measured[name] = { ...figures, goals: held };
  if (!values.json) console.log(JSON.stringify(measured[name], null, 2));
}
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  load: loadavg().map((load) => Number(load.toFixed(2))),
  isOnDisk: isOnDisk(tmpdir()),
};
if (values.json) console.log(JSON.stringify({ benchmark: 'lake', machine, ...measured }, null, 2));
else console.log(`\n${JSON.stringify({ machine }, null, 2)}`);
if (!isAllReached) process.exitCode = 1;
