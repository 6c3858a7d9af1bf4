import { createOnce, update } from './asking.ts';
import type { Github } from './open-github.ts';

/** What people read of a pull request. */
export interface PullRequestText {
  readonly title: string;
  readonly body: string;
}

/** A pull request that is open now. */
export interface OpenPullRequest {
  readonly number: number;
  readonly url: string;
  readonly isNew: boolean;
  readonly draft: boolean;
  readonly title: string;
}

/**
 * Opens the pull request of a branch when none is open. One that is there stays a draft, or none: that is a reviewer's
 * choice.
 *
 * @param asked.revise - What is to become of the text of one that is there. Absent: it stays.
 */
export async function openPullRequest(
  { rest, repository }: Github,
  asked: PullRequestText & {
    readonly branch: string;
    readonly base: string;
    readonly draft: boolean;
    readonly revise?: ((text: PullRequestText) => PullRequestText) | undefined;
  },
): Promise<OpenPullRequest> {
  const { branch, base, title, body, draft, revise } = asked;
  const what = 'open a pull request';
  const { value, isNew } = await createOnce(
    what,
    async () => {
      const head = `${repository.owner}:${branch}`;
      return (await rest.pulls.list({ ...repository, head, base, state: 'open' })).data[0];
    },
    async () => {
      const { data } = await rest.pulls.create({ ...repository, head: branch, base, title, body, draft });
      return data as unknown as Awaited<ReturnType<typeof rest.pulls.list>>['data'][number];
    },
  );
  const before = { title: value.title, body: value.body ?? '' };
  const after = isNew || !revise ? before : revise(before);
  if (after.title !== before.title || after.body !== before.body) {
    await update(what, () => rest.pulls.update({ ...repository, pull_number: value.number, ...after }));
  }
  return { number: value.number, url: value.html_url, isNew, draft: value.draft ?? false, title: after.title };
}

/** The first of some branches that a pull request is open for, and that pull request. */
export async function findOpenPullRequest(
  { rest, paginate, repository }: Github,
  branches: readonly string[],
): Promise<{ readonly branch: string; readonly number: number; readonly url: string } | undefined> {
  const open = await update('list pull requests', () =>
    paginate(rest.pulls.list, { ...repository, state: 'open', per_page: 100 }),
  );
  const ours = open.filter(({ head }) => head.repo?.full_name === `${repository.owner}/${repository.repo}`);
  for (const branch of branches) {
    const found = ours.find(({ head }) => head.ref === branch);
    if (found) return { branch, number: found.number, url: found.html_url };
  }
  return undefined;
}
