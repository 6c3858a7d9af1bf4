import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../framework/cli/client.ts';
import { compileContent } from '../../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';
import { drawKeyPair, isSignedBy, signBundle } from '../../../framework/model/bundle-signature.ts';
import { systemClock } from '../../../framework/model/clock.ts';
import type { GithubTrust } from '../../../framework/model/trust.ts';
import { type Runtime, startRuntime } from '../../../framework/runtime/start-runtime.ts';
import { startAnsweringServer } from '../../cli/answering-server.ts';
import { runMargay } from '../../cli/run-margay.ts';
import { copyContent } from '../../copy-content.ts';
import { goodClaims, startLocalIssuer } from './local-issuer.ts';

const trusted = drawKeyPair();
const stranger = drawKeyPair();
const envelope: BundleEnvelope = { digest: 'sha256:1', content: '{}', commit: 'c' };

describe('a signature', () => {
  const signed = signBundle(envelope, trusted.privateKey);
  it.each<[string, BundleEnvelope, boolean]>([
    ['is good as it is', signed, true],
    ['covers the digest', { ...signed, digest: 'sha256:2' }, false],
    ['covers the commit', { ...signed, commit: 'd' }, false],
    ['covers that there is a commit', { ...signed, commit: undefined }, false],
    ['is of the key that it names', { ...signed, signature: { key: trusted.publicKey, value: 'AAAA' } }, false],
    ['of a stranger is none', signBundle(envelope, stranger.privateKey), false],
    ['under another name is none', renamed(signBundle(envelope, stranger.privateKey)), false],
    ['must be there', envelope, false],
  ])('%s', (_which, given, expected) => {
    expect(isSignedBy(given, [trusted.publicKey])).toBe(expected);
  });

  it('takes a private Ed25519 key, and an error quotes nothing of another', () => {
    for (const pem of ['secret', trusted.publicKey]) {
      expect(() => signBundle(envelope, pem)).toThrow(expect.objectContaining({ code: 'MODEL_SIGN_KEY_INVALID' }));
    }
  });
});

function renamed(given: BundleEnvelope): BundleEnvelope {
  return { ...given, signature: { key: trusted.publicKey, value: given.signature?.value ?? '' } };
}

describe('a runtime that trusts keys', () => {
  let folder: string;
  let runtime: Runtime | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'margay-signed-'));
  });
  afterEach(async () => {
    await runtime?.close();
    runtime = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (publicKeys: string[], token?: string, github?: GithubTrust, port = 0): Promise<Runtime> => {
    await runtime?.close();
    runtime = undefined;
    const files = { directory: join(folder, 'data'), port, env: {}, clock: systemClock, write: () => {} };
    runtime = await startRuntime({ ...files, token, trust: { publicKeys, github } });
    return runtime;
  };

  it('refuses other bundles, when they are published and when it starts', async () => {
    const compiled = await compileContent({ root: copyContent(folder, {}), types: false });
    const unsigned = compiled.envelope as BundleEnvelope;
    const { publish } = await start([trusted.publicKey]);
    for (const given of [unsigned, signBundle(unsigned, stranger.privateKey)]) {
      await expect(publish(given, 'test')).rejects.toMatchObject({ code: 'ACCESS_BUNDLE_UNTRUSTED' });
    }
    expect(await publish(signBundle(unsigned, trusted.privateKey), 'test')).toMatchObject({ serial: 1 });
    expect((await start([trusted.publicKey])).url).toContain('127.0.0.1');
    await expect(start([stranger.publicKey])).rejects.toMatchObject({ code: 'ACCESS_BUNDLE_UNTRUSTED' });
  }, 60_000);

  it('is published to by a workflow: with a key of margay key, and the token that GitHub gives it', async () => {
    const file = join(folder, 'deploy.pem');
    const made = await runMargay(['key', 'create', file, '--json']);
    expect(made).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const kept = readFileSync(file, 'utf8');
    expect(await runMargay(['key', 'create', file])).toMatchObject({
      ...{ code: 3, stderr: expect.stringContaining('CLI_FILE_UNWRITABLE') },
    });
    expect(readFileSync(file, 'utf8')).toBe(kept);
    const { publicKey } = JSON.parse(made.stdout);
    const root = copyContent(folder, {});
    const sha = commitAll(root);
    const issuer = await startLocalIssuer();
    const github = await startAnsweringServer(({ path, headers }) => {
      const aud = new URL(path, 'http://github.example.com').searchParams.get('audience');
      if (headers.authorization !== 'Bearer of-the-job') return { status: 401, json: {} };
      return { json: { value: issuer.token({ claims: { aud, sha: shaOfToken } }) } };
    });
    let shaOfToken = sha;
    try {
      const { url } = await start([publicKey], 'root', policyOf(issuer.url));
      const env = {
        ...{ MARGAY_URL: url, MARGAY_SIGN_KEY: kept },
        ...{ ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/?v=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job' },
      };
      const publish = (changes: Readonly<Record<string, string>> = {}) =>
        runMargay(['publish', '--no-tests', '--allow-missing-secrets', '--root', root], {
          env: { ...env, ...changes },
        });
      expect(await publish()).toMatchObject({ code: 3, stderr: expect.stringContaining("'aud'") });
      await start(
        [publicKey],
        'root',
        { ...policyOf(issuer.url), audience: new URL(url).origin },
        Number(new URL(url).port),
      );
      shaOfToken = 'd'.repeat(40);
      expect(await publish()).toMatchObject({ code: 3, stderr: expect.stringContaining('API_COMMIT_REFUSED') });
      shaOfToken = sha;
      const denied = await publish({ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' });
      expect(denied).toMatchObject({ code: 3, stderr: expect.stringContaining('CLI_OIDC_FAILED') });
      const unsigned = await publish({ MARGAY_SIGN_KEY: '' });
      expect(unsigned).toMatchObject({ code: 3, stderr: expect.stringContaining('ACCESS_BUNDLE_UNTRUSTED') });
      expect(await publish()).toMatchObject({ code: 0, stdout: expect.stringContaining('serial 1') });
      const live = await connect({ url, token: 'root' }).live();
      expect(live).toMatchObject({ serial: 1, commit: sha });
      const { rows } = await connect({ url, token: 'root' }).query(
        "SELECT actor FROM audit WHERE action = 'publish'",
        9,
      );
      expect(rows).toEqual([{ actor: 'github acme/detections run 77' }]);
    } finally {
      await github.close();
      await issuer.close();
    }
  }, 120_000);
});

function commitAll(root: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=dana', '-c', 'user.email=dana@example.com', ...args], {
      cwd: root,
    }).toString();
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'Content');
  return git('rev-parse', 'HEAD').trim();
}

function policyOf(issuer: string): GithubTrust {
  return {
    ...{ issuer, audience: 'https://margay.example.com', repositoryId: '1001', repositoryOwnerId: '2002' },
    ...{ ref: 'refs/heads/main', environment: 'live', eventNames: ['push'] },
    jobWorkflowRef: goodClaims.job_workflow_ref,
  };
}
