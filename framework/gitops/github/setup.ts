import { askingFor, createOnce, update } from './asking.ts';
import type { Github } from './open-github.ts';

/** How a repository is to be set up. */
export interface GithubSetup {
  /** The checks without which nothing is merged. */
  readonly checks: readonly string[];
  /** The environments that are published to, from the default branch alone. */
  readonly environments: readonly string[];
}

/** Something that is other than it is to be. */
export interface SetupChange {
  readonly kind: 'ruleset' | 'environment';
  readonly name: string;
  readonly change: 'create' | 'update';
  /** For people. */
  readonly detail: string;
}

const rulesetName = 'margay';

/** What is other in a repository than it is to be; nothing is changed. */
export async function readSetup(github: Github, setup: GithubSetup): Promise<readonly SetupChange[]> {
  const { rest, repository } = github;
  const changes: SetupChange[] = [];
  const detail = `the default branch takes pull requests alone, with the checks ${setup.checks.join(', ')}`;
  const found = await findRuleset(github);
  if (!found) changes.push({ kind: 'ruleset', name: rulesetName, change: 'create', detail });
  else if (!holds(found, setup)) changes.push({ kind: 'ruleset', name: rulesetName, change: 'update', detail });
  for (const name of setup.environments) {
    const asked = { ...repository, environment_name: name };
    const environment = await askingFor('show an environment', () => rest.repos.getEnvironment(asked));
    const isProtected = environment?.data.deployment_branch_policy?.protected_branches === true;
    if (isProtected) continue;
    const only = 'publishes from protected branches alone';
    changes.push({ kind: 'environment', name, change: environment ? 'update' : 'create', detail: only });
  }
  return changes;
}

/** Carries out what {@link readSetup} gave. The token must be an administrator's. @throws GITHUB_FORBIDDEN */
export async function applySetup(github: Github, setup: GithubSetup, changes: readonly SetupChange[]): Promise<void> {
  const { rest, repository } = github;
  for (const { kind, name } of changes) {
    if (kind === 'environment') {
      await update('set up an environment', () =>
        rest.repos.createOrUpdateEnvironment({
          ...repository,
          environment_name: name,
          deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
        }),
      );
      continue;
    }
    const wanted = { ...repository, ...rulesetOf(setup) };
    const { value, isNew } = await createOnce(
      'set up a ruleset',
      () => findRuleset(github),
      async () => (await rest.repos.createRepoRuleset(wanted)).data,
    );
    if (!isNew)
      await update('set up a ruleset', () => rest.repos.updateRepoRuleset({ ...wanted, ruleset_id: value.id }));
  }
}

async function findRuleset({ rest, paginate, repository }: Github) {
  const all = await update('list rulesets', () =>
    paginate(rest.repos.getRepoRulesets, { ...repository, per_page: 100 }),
  );
  const known = all.find(({ name }) => name === rulesetName);
  if (!known) return undefined;
  return (await update('show a ruleset', () => rest.repos.getRepoRuleset({ ...repository, ruleset_id: known.id })))
    .data;
}

type Ruleset = NonNullable<Awaited<ReturnType<typeof findRuleset>>>;

/** Whether a ruleset asks for at least what is wanted: more checks than ours are a team's choice. */
function holds({ enforcement, rules = [] }: Ruleset, { checks }: GithubSetup): boolean {
  const types = rules.map(({ type }) => type);
  const required = rules.flatMap((rule) =>
    rule.type === 'required_status_checks' ? (rule.parameters?.required_status_checks ?? []) : [],
  );
  const names = new Set(required.map(({ context }) => context));
  const isWhole = ['deletion', 'non_fast_forward', 'pull_request'].every((type) => types.includes(type as never));
  return enforcement === 'active' && isWhole && checks.every((check) => names.has(check));
}

function rulesetOf({ checks }: GithubSetup) {
  return {
    name: rulesetName,
    target: 'branch' as const,
    enforcement: 'active' as const,
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      { type: 'deletion' as const },
      { type: 'non_fast_forward' as const },
      {
        type: 'pull_request' as const,
        parameters: {
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: true,
          require_last_push_approval: false,
          required_approving_review_count: 1,
          required_review_thread_resolution: false,
        },
      },
      {
        type: 'required_status_checks' as const,
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: checks.map((context) => ({ context })),
        },
      },
    ],
  };
}
