import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileContent } from '../../../framework/compile/index.ts';
import type { BacktestReport } from '../../../framework/model/backtest.ts';
import type { Bundle, BundleEnvelope } from '../../../framework/model/bundle.ts';
import { copyContent } from '../../copy-content.ts';
import { type BenchPart, median, rounded } from './bench-part.ts';
import { type BenchRuntime, startBenchRuntime } from './bench-runtime.ts';
import { historyEndMs, oktaHistory } from './okta-history.ts';

const eventCount = 10_000_000;

/** What the bench adds to the repository's detections: each lets one event in a hundred through. */
const files: Readonly<Record<string, string>> = {
  'detections/bench/declarative.yml': detectionYaml('Failed sign-ins'),
  'detections/bench/code.yml': detectionYaml('Failed sign-ins from a network'),
  'detections/bench/code.ts': `import { detection, ip } from 'margay';
export default detection<'bench/code'>({
  rule: (event) => ip.inCidr(event.client?.ipAddress ?? '', '198.51.100.0/24') && event.actor?.type === 'User',
});
`,
};

/** From the request to the report, process start and compiled SQL included, of detections that are not live. */
export const backtestPart: BenchPart = {
  summary: 'backtest of a declarative and a TypeScript detection over 10 million events of 30 days',
  run: async ({ runs, rows = eventCount }) => {
    const { envelope, bundle } = await compileBench();
    const logType = bundle.logTypes.find(({ name }) => name === 'Okta.SystemLog');
    if (!logType) throw new Error('The bundle lacks Okta.SystemLog.');
    const history = await oktaHistory(logType, rows);
    const directory = linkHistory(history.directory);
    const runtime = await startBenchRuntime(directory);
    try {
      const declarative = await measure(runtime, envelope, 'bench/declarative', runs);
      const code = await measure(runtime, envelope, 'bench/code', runs);
      return {
        figures: {
          events: rows,
          lakeBytesPerEvent: rounded(history.bytes / rows),
          ...{ declarative, code },
        },
        goals: [
          { name: 'declarative, seconds', measured: declarative.medianSeconds, atMost: 5 },
          { name: 'TypeScript, seconds', measured: code.medianSeconds, atMost: 10 },
        ],
      };
    } finally {
      await runtime.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function measure({ client }: BenchRuntime, envelope: BundleEnvelope, detectionId: string, runs: number) {
  const seconds: number[] = [];
  let report: BacktestReport | undefined;
  for (let run = 0; run < runs; run++) {
    const startedAtMs = performance.now();
    const ask = { envelope, detectionId, days: 30, until: new Date(historyEndMs).toISOString() };
    report = await client.backtest(ask, () => {});
    seconds.push((performance.now() - startedAtMs) / 1_000);
  }
  return {
    medianSeconds: rounded(median(seconds), 2),
    fastest: rounded(Math.min(...seconds), 2),
    slowest: rounded(Math.max(...seconds), 2),
    method: report?.method,
    candidates: report?.candidates,
    matches: report?.matches.after,
    alerts: report?.alerts?.after,
  };
}

function detectionYaml(title: string): string {
  return `title: ${title}
level: low
logTypes: [Okta.SystemLog]
detection:
  failed:
    eventType: user.session.start
    outcome.result: FAILURE
    outcome.reason: [INVALID_CREDENTIALS, LOCKED_OUT]
  condition: failed
dedup: { by: [client.ipAddress], period: 1h }
context:
  account: { from: actor.alternateId, type: string }
`;
}

async function compileBench(): Promise<{ readonly envelope: BundleEnvelope; readonly bundle: Bundle }> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-bench-content-'));
  try {
    const { envelope, bundle } = await compileContent({ root: copyContent(folder, files), types: false });
    if (!envelope || !bundle) throw new Error('The content of the bench does not compile.');
    return { envelope, bundle };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A data folder with the same Parquet files, so that a runtime changes nothing of what is kept. */
function linkHistory(history: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'margay-bench-'));
  const files = readdirSync(history, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    const folder = join(directory, parentPath.slice(history.length));
    mkdirSync(folder, { recursive: true });
    if (name.endsWith('.parquet')) linkSync(join(parentPath, name), join(folder, name));
    else cpSync(join(parentPath, name), join(folder, name));
  }
  return directory;
}
