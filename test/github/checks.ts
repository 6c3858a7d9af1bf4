import { type Call, type CheckRun, created, type Handler, type Json, notFound, ok, refuse } from './github-state.ts';

const repo = '/repos/{owner}/{repo}';

export const checkRoutes: Readonly<Record<string, Handler>> = {
  [`POST ${repo}/check-runs`]: (call) => {
    if (mayNotCheck(call)) return refuse(403, 'You must authenticate via a GitHub App.');
    call.state.nextId += 1;
    const { name, head_sha: headSha } = call.body;
    const run: CheckRun = {
      id: call.state.nextId,
      name: String(name),
      headSha: String(headSha),
      conclusion: null,
      annotations: [],
      output: {},
    };
    call.state.checks.push(run);
    return created(update(run, call.body));
  },
  [`GET ${repo}/check-runs/{check_run_id}`]: ({ state, path }) => {
    const run = state.checks.find(({ id }) => id === Number(path.check_run_id));
    return run ? ok(runOf(run)) : notFound();
  },
  [`PATCH ${repo}/check-runs/{check_run_id}`]: (call) => {
    if (mayNotCheck(call)) return refuse(403, 'You must authenticate via a GitHub App.');
    const run = call.state.checks.find(({ id }) => id === Number(call.path.check_run_id));
    return run ? ok(update(run, call.body)) : notFound();
  },
  [`GET ${repo}/commits/{ref}/check-runs`]: ({ state, path, query }) => {
    const found = state.checks
      .filter(({ headSha }) => headSha === path.ref)
      .filter(({ name }) => !query.has('check_name') || name === query.get('check_name'));
    return ok({ total_count: found.length, check_runs: found.map(runOf) });
  },
};

function mayNotCheck({ kind }: Call): boolean {
  return kind === 'user' || kind === 'admin';
}

/** Annotations add up from request to request. */
function update(run: CheckRun, { conclusion, output }: Json): Json {
  if (conclusion !== undefined) run.conclusion = String(conclusion);
  const { annotations = [], ...rest } = (output ?? {}) as { annotations?: readonly Json[] };
  run.annotations = [...run.annotations, ...annotations];
  run.output = { ...run.output, ...rest };
  return runOf(run);
}

function runOf({ id, name, headSha, conclusion, annotations, output }: CheckRun): Json {
  return {
    id,
    name,
    head_sha: headSha,
    conclusion,
    status: conclusion === null ? 'in_progress' : 'completed',
    output: { ...output, annotations_count: annotations.length },
    html_url: `https://github.example.com/check/${id}`,
  };
}
