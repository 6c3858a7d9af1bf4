import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { evaluateExpression, fillIn, type Status } from './evaluate-expression.ts';

/** A job of one of our workflows: what of it the executor knows. */
interface Job {
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a step ended. */
export interface StepResult {
  readonly run: string;
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly printed: string;
}

/** How a workflow ended. */
export interface WorkflowResult {
  readonly conclusion: 'success' | 'failure' | 'skipped';
  readonly steps: readonly StepResult[];
  /** What the steps wrote to their summaries. */
  readonly summary: string;
}

/** What GitHub gives a run. */
export interface WorkflowRun {
  /** The file of the workflow. */
  readonly file: string;
  /** The checked out commit, where the steps run. */
  readonly clone: string;
  readonly contexts: Readonly<Record<'github' | 'vars' | 'secrets', object>>;
  /** The `GITHUB_…` and `ACTIONS_…` variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly event: object;
  /** What stands in for a `run`, such as an installation. */
  readonly replace: (run: string) => string;
}

/** Executes the `run:` steps of a workflow's one job in order, as a runner of GitHub does. An action must be pinned, and checks out or installs. */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowResult> {
  const { jobs } = parse(readFileSync(run.file, 'utf8')) as { readonly jobs: Readonly<Record<string, Job>> };
  const [job, ...others] = Object.values(jobs);
  if (!job || others.length > 0) throw new Error('a workflow of ours has one job');
  const files = mkdtempSync(join(run.clone, '.git', 'runner-'));
  writeFileSync(join(files, 'event.json'), JSON.stringify(run.event));
  const done: Record<string, { outcome: string; outputs: object }> = {};
  const added: Record<string, string> = {};
  const steps: StepResult[] = [];
  let failed = false;
  const contexts = () => ({ ...run.contexts, steps: done, env: added });
  const status = (): Status => ({ success: !failed, failure: failed, always: true, cancelled: false });
  const holds = async (condition: string | undefined): Promise<boolean> => {
    if (condition === undefined) return !failed;
    const inner = /^\$\{\{(.*)\}\}$/s.exec(condition.trim())?.[1] ?? condition;
    const asked = /\b(success|failure|always|cancelled)\(/.test(inner) ? inner : `success() && (${inner})`;
    return (await evaluateExpression(asked.trim(), contexts(), status())) === 'true';
  };
  if (!(await holds(job.if))) return { conclusion: 'skipped', steps, summary: '' };

  for (const [index, step] of job.steps.entries()) {
    if (step.uses !== undefined) {
      if (!/^actions\/(checkout|setup-node)@[0-9a-f]{40}$/.test(step.uses)) throw new Error(`unknown: ${step.uses}`);
      continue;
    }
    const command = step.run as string;
    const file = (name: string): string => join(files, `${index}-${name}`);
    for (const name of ['output', 'env', 'path']) writeFileSync(file(name), '');
    let result: StepResult = { run: command, outcome: 'skipped', printed: '' };
    if (await holds(step.if)) {
      const env: Record<string, string> = {};
      for (const [name, value] of Object.entries({ ...job.env, ...step.env }))
        env[name] = await fillIn(String(value), contexts(), status());
      const child = spawn('bash', ['-e', '-c', run.replace(await fillIn(command, contexts(), status()))], {
        cwd: run.clone,
        env: {
          ...{ PATH: process.env.PATH, HOME: files, CI: 'true', NO_COLOR: '1', GITHUB_ACTIONS: 'true' },
          ...{ GITHUB_OUTPUT: file('output'), GITHUB_ENV: file('env'), GITHUB_PATH: file('path') },
          ...{ GITHUB_STEP_SUMMARY: join(files, 'summary.md'), GITHUB_EVENT_PATH: join(files, 'event.json') },
          ...{ GITHUB_WORKSPACE: run.clone, ...run.env, ...added, ...env },
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [code] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
        ([[exit], out, err]) => {
          result = { run: command, outcome: exit === 0 ? 'success' : 'failure', printed: out + err };
          return [exit as number];
        },
      );
      if (code !== 0) failed = true;
      Object.assign(added, readPairs(file('env')));
    }
    steps.push(result);
    if (step.id) done[step.id] = { outcome: result.outcome, outputs: readPairs(file('output')) };
  }
  writeFileSync(join(files, 'summary.md'), '', { flag: 'a' });
  const summary = readFileSync(join(files, 'summary.md'), 'utf8');
  return { conclusion: failed ? 'failure' : 'success', steps, summary };
}

/** `name=value` lines, and values of several lines between `name<<END` and `END`. */
function readPairs(file: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const found of readFileSync(file, 'utf8').matchAll(/^([^=\n]+?)(?:=(.*)|<<(.+)\n([\s\S]*?)\n?\3)$/gm))
    pairs[found[1] as string] = found[2] ?? found[4] ?? '';
  return pairs;
}
