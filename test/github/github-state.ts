import type { BareRepository } from './bare-repository.ts';

/** What a token is of, which decides what it may do. */
export type TokenKind = 'actions' | 'fork' | 'user' | 'admin';

export type Json = Record<string, unknown>;

export interface PullRequest {
  readonly number: number;
  /** The login of whoever opened it. */
  readonly author: string;
  readonly head: string;
  readonly base: string;
  title: string;
  body: string;
  draft: boolean;
  state: 'open' | 'closed';
  /** Who approved it, and which commit. */
  readonly approvals: { readonly login: string; readonly sha: string }[];
  mergeSha?: string;
  /** The head when it was merged or closed. */
  headSha?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  conclusion: string | null;
  annotations: readonly Json[];
  output: Json;
}

/** Everything that the server remembers besides git. */
export interface GithubState {
  readonly git: BareRepository;
  readonly pulls: PullRequest[];
  readonly comments: { readonly id: number; readonly issue: number; readonly author: string; body: string }[];
  readonly checks: CheckRun[];
  readonly deployments: { readonly id: number; readonly sha: string; readonly environment: string; statuses: Json[] }[];
  readonly rulesets: Json[];
  readonly environments: Map<string, Json>;
  nextId: number;
}

export interface Call {
  readonly state: GithubState;
  /** The parts of the path in braces. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly kind: TokenKind;
  readonly login: string;
}

/** An answer. A list in `items` is cut into pages. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly items?: readonly unknown[];
}

export type Handler = (call: Call) => Answer;

export function refuse(status: number, message: string, errors?: readonly unknown[]): Answer {
  return { status, body: { message, documentation_url: 'https://docs.example.com', ...(errors ? { errors } : {}) } };
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const notFound = (): Answer => refuse(404, 'Not Found');

const logins: Readonly<Record<TokenKind, string>> = {
  actions: 'github-actions[bot]',
  fork: 'github-actions[bot]',
  user: 'mira',
  admin: 'admin',
};

export function loginOf(kind: TokenKind): string {
  return logins[kind];
}

export function userOf(login: string): Json {
  return { login, id: login.length, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}
