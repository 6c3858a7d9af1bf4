import { type Call, created, type Handler, type Json, notFound, ok, refuse } from './github-state.ts';

const repo = '/repos/{owner}/{repo}';

export const settingRoutes: Readonly<Record<string, Handler>> = {
  [`GET ${repo}/deployments`]: ({ state, query }) => ({
    status: 200,
    items: state.deployments
      .filter(({ sha }) => !query.has('sha') || sha === query.get('sha'))
      .filter(({ environment }) => !query.has('environment') || environment === query.get('environment'))
      .map(deploymentOf),
  }),
  [`POST ${repo}/deployments`]: ({ state, body }) => {
    state.nextId += 1;
    const made = { id: state.nextId, sha: String(body.ref), environment: String(body.environment), statuses: [] };
    state.deployments.push(made);
    return created(deploymentOf(made));
  },
  [`GET ${repo}/deployments/{deployment_id}/statuses`]: (call) => {
    const found = deploymentAt(call);
    return found ? { status: 200, items: [...found.statuses].reverse() } : notFound();
  },
  [`POST ${repo}/deployments/{deployment_id}/statuses`]: (call) => {
    const found = deploymentAt(call);
    if (!found) return notFound();
    call.state.nextId += 1;
    const status = { id: call.state.nextId, ...call.body };
    found.statuses.push(status);
    return created(status);
  },
  [`GET ${repo}/rulesets`]: ({ state }) => ({ status: 200, items: state.rulesets }),
  [`GET ${repo}/rulesets/{ruleset_id}`]: ({ state, path }) => {
    const found = state.rulesets.find(({ id }) => id === Number(path.ruleset_id));
    return found ? ok(found) : notFound();
  },
  [`POST ${repo}/rulesets`]: (call) =>
    asAdmin(call, ({ state, body }) => {
      state.nextId += 1;
      state.rulesets.push({ id: state.nextId, ...body });
      return created({ id: state.nextId, ...body });
    }),
  [`PUT ${repo}/rulesets/{ruleset_id}`]: (call) =>
    asAdmin(call, ({ state, path, body }) => {
      const found = state.rulesets.find(({ id }) => id === Number(path.ruleset_id));
      return found ? ok(Object.assign(found, body)) : notFound();
    }),
  [`GET ${repo}/environments/{environment_name}`]: ({ state, path }) => {
    const found = state.environments.get(path.environment_name as string);
    return found ? ok(found) : notFound();
  },
  [`PUT ${repo}/environments/{environment_name}`]: (call) =>
    asAdmin(call, ({ state, path, body }) => {
      const name = path.environment_name as string;
      // As at GitHub: what is left out is set back.
      const { deployment_branch_policy = null, wait_timer, prevent_self_review = false } = body;
      const waiting = { id: 1, node_id: 'rule-1', type: 'wait_timer', wait_timer };
      const reviewers = ((body.reviewers ?? []) as Json[]).map(({ type, id }) => ({ type, reviewer: { id } }));
      const reviewing = { id: 2, node_id: 'rule-2', type: 'required_reviewers', prevent_self_review, reviewers };
      const protection_rules = [...(wait_timer ? [waiting] : []), ...(reviewers.length > 0 ? [reviewing] : [])];
      const environment = { name, deployment_branch_policy, protection_rules };
      state.environments.set(name, environment);
      return ok(environment);
    }),
};

function asAdmin(call: Call, answer: Handler) {
  return call.kind === 'admin' ? answer(call) : refuse(403, 'Resource not accessible by integration');
}

function deploymentAt({ state, path }: Call) {
  return state.deployments.find(({ id }) => id === Number(path.deployment_id));
}

function deploymentOf({ id, sha, environment }: { id: number; sha: string; environment: string }): Json {
  return { id, sha, ref: sha, environment, task: 'deploy', payload: {} };
}
