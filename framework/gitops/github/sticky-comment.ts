import { asking, createOnce, update } from './asking.ts';
import type { Github } from './open-github.ts';

/** What became of a comment, and where it is. */
export interface WrittenComment {
  readonly action: 'created' | 'updated' | 'unchanged';
  readonly url: string;
}

/**
 * Writes the one comment of a pull request that carries a marker, in place when it is there. A comment that somebody
 * else wrote is not taken for it, whatever it contains.
 *
 * @param marker - Must be part of `body`.
 * @throws GITHUB_FORBIDDEN on a pull request from a fork.
 */
export async function writeStickyComment(
  github: Github,
  { pullNumber, marker, body }: { readonly pullNumber: number; readonly marker: string; readonly body: string },
): Promise<WrittenComment> {
  const { rest, paginate, repository } = github;
  const where = { ...repository, issue_number: pullNumber };
  const login = await ownLogin(github);
  const find = async () => {
    const comments = await paginate(rest.issues.listComments, { ...where, per_page: 100 });
    return comments.find(
      ({ body: text, user }) =>
        text?.includes(marker) && (login === undefined ? user?.type === 'Bot' : user?.login === login),
    );
  };
  const { value, isNew } = await createOnce('write a comment', find, async () => {
    return (await rest.issues.createComment({ ...where, body })).data;
  });
  if (isNew) return { action: 'created', url: value.html_url };
  if (value.body === body) return { action: 'unchanged', url: value.html_url };
  await update('write a comment', () => rest.issues.updateComment({ ...repository, comment_id: value.id, body }));
  return { action: 'updated', url: value.html_url };
}

/** Whom a token belongs to; nobody when it is an app's, as in a workflow. */
async function ownLogin({ rest }: Github): Promise<string | undefined> {
  return asking('say whose token it is', async () => {
    try {
      return (await rest.users.getAuthenticated()).data.login;
    } catch (error) {
      if ((error as { status?: number }).status === 403) return undefined;
      throw error;
    }
  });
}
