import { createOnce, update } from './asking.ts';
import type { Github } from './open-github.ts';

/** Opens the pull request of a branch, or updates its title and body. A reviewer's choice of draft is left alone. */
export async function openPullRequest(
  { rest, repository }: Github,
  asked: {
    readonly branch: string;
    readonly base: string;
    readonly title: string;
    readonly body: string;
    readonly draft: boolean;
  },
): Promise<{ readonly number: number; readonly url: string; readonly isNew: boolean }> {
  const { branch, base, title, body, draft } = asked;
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
  if (!isNew && (value.title !== title || value.body !== body)) {
    await update(what, () => rest.pulls.update({ ...repository, pull_number: value.number, title, body }));
  }
  return { number: value.number, url: value.html_url, isNew };
}
