import { askingFor, createOnce, update } from './asking.ts';
import type { Github } from './open-github.ts';

/** How a repository is to be set up. */
export interface GithubSetup {
  /** The checks without which nothing is merged. */
  readonly checks: readonly string[];
  /**
   * How many reviews a pull request takes; owners are asked for one where it takes any.
   *
   * @defaultValue as many as it takes, 1 where nothing is set up
   */
  readonly reviews?: number | undefined;
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
  const found = await findRuleset(github);
  const detail = `the default branch takes pull requests alone, with the checks ${setup.checks.join(', ')}${describeReviews(found ? setup.reviews : reviewsOf(setup))}`;
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
      await setEnvironment(github, name);
      continue;
    }
    const { value, isNew } = await createOnce(
      'set up a ruleset',
      () => findRuleset(github),
      async () => (await rest.repos.createRepoRuleset({ ...repository, ...rulesetOf(setup) })).data,
    );
    if (isNew) continue;
    const rules = mergedRules(value, setup);
    const change = { ...repository, ruleset_id: value.id, enforcement: 'active' as const, rules };
    await update('set up a ruleset', () => rest.repos.updateRepoRuleset(change));
  }
}

/** GitHub takes an environment as a whole: what a team asks of it besides is given back. */
async function setEnvironment({ rest, repository }: Github, name: string): Promise<void> {
  const asked = { ...repository, environment_name: name };
  const found = await askingFor('show an environment', () => rest.repos.getEnvironment(asked));
  const kept: Parameters<typeof rest.repos.createOrUpdateEnvironment>[0] = { ...asked };
  for (const rule of found?.data.protection_rules ?? []) {
    if ('wait_timer' in rule && rule.wait_timer !== undefined) kept.wait_timer = rule.wait_timer;
    if (!('reviewers' in rule) || !rule.reviewers) continue;
    kept.prevent_self_review = rule.prevent_self_review ?? false;
    kept.reviewers = rule.reviewers.flatMap(({ type, reviewer }) =>
      type && reviewer?.id !== undefined ? [{ type, id: reviewer.id }] : [],
    );
  }
  const deployment_branch_policy = { protected_branches: true, custom_branch_policies: false };
  await update('set up an environment', () =>
    rest.repos.createOrUpdateEnvironment({ ...kept, deployment_branch_policy }),
  );
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
function holds({ enforcement, rules = [] }: Ruleset, { checks, reviews }: GithubSetup): boolean {
  const types = rules.map(({ type }) => type);
  const required = rules.flatMap((rule) =>
    rule.type === 'required_status_checks' ? (rule.parameters?.required_status_checks ?? []) : [],
  );
  const names = new Set(required.map(({ context }) => context));
  const isWhole = ['deletion', 'non_fast_forward', 'pull_request'].every((type) => types.includes(type as never));
  const isReviewed =
    reviews === undefined || rules.every((rule) => rule.type !== 'pull_request' || asks(rule, reviews));
  return enforcement === 'active' && isWhole && isReviewed && checks.every((check) => names.has(check));
}

function asks({ parameters }: Extract<Rule, { readonly type: 'pull_request' }>, reviews: number): boolean {
  const wanted = reviewing(reviews);
  return (
    parameters?.required_approving_review_count === wanted.required_approving_review_count &&
    parameters.require_code_owner_review === wanted.require_code_owner_review
  );
}

/** The rules that are there, with what they lack: a team's own rules, parameters and checks stay. */
function mergedRules({ rules = [] }: Ruleset, setup: GithubSetup): Rules {
  const wanted = rulesetOf(setup).rules;
  const merged = rules.map((rule) => {
    if (rule.type === 'pull_request' && setup.reviews !== undefined)
      return {
        ...rule,
        parameters: { ...pullRequestParameters(setup), ...rule.parameters, ...reviewing(setup.reviews) },
      };
    if (rule.type !== 'required_status_checks' || !rule.parameters) return rule;
    const { required_status_checks: theirs } = rule.parameters;
    const lacking = setup.checks.filter((check) => theirs.every(({ context }) => context !== check));
    const required_status_checks = [...theirs, ...lacking.map((context) => ({ context }))];
    return { ...rule, parameters: { ...rule.parameters, required_status_checks } };
  });
  return [...merged, ...wanted.filter(({ type }) => rules.every((rule) => rule.type !== type))] as Rules;
}

type Rule = NonNullable<Ruleset['rules']>[number];

type Rules = NonNullable<Parameters<Github['rest']['repos']['updateRepoRuleset']>[0]>['rules'] & {};

function rulesetOf(setup: GithubSetup) {
  const { checks } = setup;
  return {
    name: rulesetName,
    target: 'branch' as const,
    enforcement: 'active' as const,
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      { type: 'deletion' as const },
      { type: 'non_fast_forward' as const },
      { type: 'pull_request' as const, parameters: pullRequestParameters(setup) },
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

function pullRequestParameters(setup: GithubSetup) {
  return {
    dismiss_stale_reviews_on_push: true,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
    ...reviewing(reviewsOf(setup)),
  };
}

/** Who is alone is the owner of everything, and can approve nothing of their own. */
function reviewing(reviews: number) {
  return { required_approving_review_count: reviews, require_code_owner_review: reviews > 0 };
}

function reviewsOf({ reviews = 1 }: GithubSetup): number {
  return reviews;
}

function describeReviews(reviews: number | undefined): string {
  if (reviews === undefined) return '';
  return reviews === 0 ? ', and without a review' : `, and ${reviews === 1 ? 'a review' : `${reviews} reviews`}`;
}
