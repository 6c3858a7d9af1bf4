/** Whom a runtime trusts besides its tokens. */
export interface Trust {
  /** The public keys whose bundles are taken; others are refused then. @defaultValue every bundle is taken */
  readonly publicKeys?: readonly string[] | undefined;
  /** A workflow of GitHub that may publish. */
  readonly github?: GithubTrust | undefined;
}

/** What a token of GitHub's identity provider must say to be let in. Ids are numbers as text: names can change hands. */
export interface GithubTrust {
  /** @defaultValue `https://token.actions.githubusercontent.com`; `https://HOST/_services/token` of a GHES */
  readonly issuer: string;
  /** Whom the token is for: the runtime's URL as its callers write it. */
  readonly audience: string;
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly environment: string;
  /** `OWNER/REPO/.github/workflows/deploy.yml@refs/heads/main` */
  readonly jobWorkflowRef: string;
  /** @defaultValue `['push']` */
  readonly eventNames: readonly string[];
  /** The issuer's public keys, for networks from which it cannot be reached. @defaultValue they are fetched */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined;
}
