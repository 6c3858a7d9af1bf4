import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Github } from '../../gitops/github/index.ts';
import { MargayError } from '../../model/margay-error.ts';

/** The options of every command that talks to GitHub. */
export interface GithubOptions {
  readonly repository?: string;
  readonly apiUrl?: string;
}

/** Adds `--repository` and `--api-url`. The token comes from the environment alone. */
export function addGithubOptions(command: Command): Command {
  return command
    .addOption(new Option('--repository <owner/name>', 'The repository.').env('GITHUB_REPOSITORY'))
    .addOption(
      new Option('--api-url <url>', 'The API, of an Enterprise Server `https://HOST/api/v3`.').env('GITHUB_API_URL'),
    );
}

/** Whether there is a token at all: a workflow may keep it from a pull request of a fork. */
export function hasGithubToken(): boolean {
  return readToken() !== undefined;
}

/** The repository that the options name. @throws GITHUB_TOKEN_MISSING, CLI_ARGUMENTS_INVALID */
export async function openRepository({ repository, apiUrl }: GithubOptions): Promise<Github> {
  const token = readToken();
  if (token === undefined) {
    throw new MargayError('GITHUB_TOKEN_MISSING', 'There is no token for GitHub.', {
      hint: 'Set GITHUB_TOKEN or GH_TOKEN; a workflow has one in github.token.',
    });
  }
  if (apiUrl !== undefined && !URL.canParse(apiUrl)) {
    throw new MargayError('CLI_ARGUMENTS_INVALID', `'${apiUrl}' is not the URL of GitHub's API.`, {
      hint: 'Write --api-url https://HOST/api/v3, or leave it out for github.com.',
    });
  }
  const { openGithub } = await import('../../gitops/github/index.ts');
  return openGithub({ repository: repository ?? '', token, apiUrl });
}

/** What the workflow's event says of a pull request. */
export interface PullRequestEvent {
  readonly number?: number | undefined;
  readonly headSha?: string | undefined;
}

/** The pull request that a workflow runs for; empty outside of one. */
export function readPullRequestEvent(): PullRequestEvent {
  const path = process.env.GITHUB_EVENT_PATH;
  if (!path) return {};
  try {
    const { pull_request: pull } = JSON.parse(readFileSync(path, 'utf8')) as {
      pull_request?: { number?: number; head?: { sha?: string } };
    };
    return { number: pull?.number, headSha: pull?.head?.sha };
  } catch (cause) {
    throw new MargayError('CLI_FILE_UNREADABLE', `The workflow's event '${path}' cannot be read.`, { cause });
  }
}

function readToken(): string | undefined {
  return process.env.GITHUB_TOKEN?.trim() || process.env.GH_TOKEN?.trim() || undefined;
}
