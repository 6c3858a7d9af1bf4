import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { MargayError } from '../../model/margay-error.ts';

/** One repository on GitHub, as one token sees it. */
export interface Github {
  readonly rest: Octokit['rest'];
  readonly paginate: Octokit['paginate'];
  readonly repository: { readonly owner: string; readonly repo: string };
}

/** How to reach a repository. */
export interface GithubAccess {
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
  /** Of a GitHub Enterprise Server: `https://HOST/api/v3`. @defaultValue `https://api.github.com` */
  readonly apiUrl?: string | undefined;
  /** Whether writes keep the distance that GitHub asks for. @defaultValue true */
  readonly paced?: boolean | undefined;
}

/** A wait that a limit asks for is taken up to this. */
const longestWaitSeconds = 120;
/** To ask again changes nothing about these. */
const finalStatuses = [400, 401, 403, 404, 405, 409, 410, 422, 451];

/**
 * Opens a repository. Nothing is asked yet. Rate limits are waited for; reads are asked again after a failure of
 * GitHub's, and writes never blindly: they could happen twice, see `createOnce`.
 *
 * @throws GITHUB_REPOSITORY_INVALID
 */
export function openGithub({ repository, token, apiUrl, paced = true }: GithubAccess): Github {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  if (!owner || !repo) {
    throw new MargayError('GITHUB_REPOSITORY_INVALID', `'${repository}' is not the name of a repository.`, {
      hint: "Write it as 'owner/name', in GITHUB_REPOSITORY or with --repository.",
    });
  }
  const mayWait = (seconds: number, _options: unknown, _client: unknown, count: number): boolean =>
    seconds <= longestWaitSeconds && count < 2;
  const Client = Octokit.plugin(retry, throttling);
  const { rest, paginate, hook } = new Client({
    auth: token,
    userAgent: 'margay',
    ...(apiUrl ? { baseUrl: apiUrl.replace(/\/+$/, '') } : {}),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    retry: { doNotRetry: finalStatuses },
    throttle: { enabled: paced, onRateLimit: mayWait, onSecondaryRateLimit: mayWait },
  });
  hook.before('request', (options) => {
    if (options.method !== 'GET') options.request = { ...options.request, retries: 0 };
  });
  return { rest, paginate, repository: { owner, repo } };
}
