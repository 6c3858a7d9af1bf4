import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../framework/cli/client.ts';
import { canonicalJson } from '../../../framework/model/canonical-json.ts';
import { systemClock } from '../../../framework/model/clock.ts';
import { sha256Digest } from '../../../framework/model/stable-id.ts';
import type { GithubTrust } from '../../../framework/model/trust.ts';
import { parseTrust } from '../../../framework/runtime/access/index.ts';
import { type Runtime, startRuntime } from '../../../framework/runtime/start-runtime.ts';
import { ask } from '../api/open-api.ts';
import { sampleBundle, sampleDetection } from '../detect/sample-bundle.ts';
import { type Forgery, goodClaims, hmacWith, type LocalIssuer, startLocalIssuer } from './local-issuer.ts';

let folder: string;
let issuer: LocalIssuer;
let runtime: Runtime;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-oidc-'));
  issuer = await startLocalIssuer();
  await start();
}, 30_000);

afterAll(async () => {
  await runtime.close();
  await issuer.close();
  rmSync(folder, { recursive: true, force: true });
});

const policy = (): GithubTrust => ({
  ...{ issuer: issuer.url, audience: goodClaims.aud, repositoryId: '1001', repositoryOwnerId: '2002' },
  ...{ ref: 'refs/heads/main', environment: 'live', jobWorkflowRef: goodClaims.job_workflow_ref, eventNames: ['push'] },
});

async function start(changes: Partial<GithubTrust> = {}): Promise<void> {
  runtime = await startRuntime({
    ...{ directory: join(folder, 'data'), port: 0, token: 'root', env: {}, clock: systemClock, write: () => {} },
    trust: { github: { ...policy(), ...changes } },
  });
}

async function restart(changes: Partial<GithubTrust> = {}): Promise<void> {
  await runtime.close();
  await start(changes);
}

const use = (token: string, path = '/v1/bundles/live', init: { method?: string; body?: unknown } = {}) =>
  ask(`${runtime.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });

async function expectRefused(token: string, named: string): Promise<void> {
  const answer = await use(token);
  expect(answer).toMatchObject({ status: 401, body: { code: 'ACCESS_OIDC_REFUSED' } });
  const text = JSON.stringify(answer.body);
  expect(text).toContain(named);
  for (const part of token.split('.').filter((it) => it.length > 8)) expect(text).not.toContain(part);
}

describe('a token of the workflow that may publish', () => {
  it('is let in, once, and may publish alone', async () => {
    const token = issuer.token();
    expect((await use(token)).status).toBe(200);
    await expectRefused(token, "'jti' was used before");
    for (const path of ['/v1/alerts', '/v1/tokens']) {
      expect(await use(issuer.token(), path)).toMatchObject({ status: 403, body: { code: 'API_SCOPE_MISSING' } });
    }
  });

  it('is let in once also of many requests at the same time', async () => {
    const token = issuer.token();
    const answers = await Promise.all(Array.from({ length: 8 }, () => use(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)]);
  });

  it('publishes the commit that it was given for, and no other', async () => {
    const publish = (commit: string | undefined) => {
      const body = { envelope: { digest: 'sha256:1', content: '{}', commit }, expectedSerial: 0 };
      return use(issuer.token(), '/v1/bundles', { method: 'PUT', body });
    };
    for (const commit of ['d'.repeat(40), undefined]) {
      expect(await publish(commit)).toMatchObject({ status: 403, body: { code: 'API_COMMIT_REFUSED' } });
    }
    // It comes to the bundle, which is none.
    expect(await publish(goodClaims.sha)).toMatchObject({ status: 422, body: { code: 'COMPILE_BUNDLE_DIGEST' } });
  });
});

describe('a rollback by such a token', () => {
  const root = () => connect({ url: runtime.url, token: 'root' });
  const publish = async (id: string, commit: string) => {
    const content = canonicalJson(sampleBundle({ detections: [sampleDetection({ id, firstId: id })] }));
    const { serial } = await root().live();
    await root().publish({ digest: sha256Digest(content), content, commit }, serial, {
      allowRemovals: 9,
      revive: [id],
    });
  };
  const rollBack = () =>
    use(issuer.token(), '/v1/rollback', { method: 'POST', body: { reason: 'the health check fails' } });

  it('takes back the commit that it was given for, and nothing that went live after it', async () => {
    await publish('okta/first', 'a'.repeat(40));
    await publish('okta/ours', goodClaims.sha);
    await publish('okta/theirs', 'b'.repeat(40));
    expect(await rollBack()).toMatchObject({ status: 403, body: { code: 'API_COMMIT_REFUSED' } });
    expect(await root().live()).toMatchObject({ serial: 3, frozen: null });
    await publish('okta/ours', goodClaims.sha);
    expect(await rollBack()).toMatchObject({ status: 200, body: { serial: 5 } });
    // What is live now is another's again.
    expect(await rollBack()).toMatchObject({ status: 403, body: { code: 'API_COMMIT_REFUSED' } });
  });
});

describe('any other token is refused, and the error names what is wrong', () => {
  const past = (seconds: number): number => Math.floor(Date.now() / 1_000) - seconds;
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  it.each<[string, () => Forgery, string]>([
    ['of another audience', () => ({ claims: { aud: 'https://other.example.com' } }), "'aud'"],
    ['without an audience', () => ({ claims: { aud: undefined } }), "'aud'"],
    ['of another issuer', () => ({ claims: { iss: 'https://issuer.example.com' } }), "'iss'"],
    ['of another repository', () => ({ claims: { repository_id: '1002' } }), '\'repository_id\' is \\"1002\\"'],
    ['of a repository whose id is a number', () => ({ claims: { repository_id: 1001 } }), "'repository_id'"],
    ['of another owner', () => ({ claims: { repository_owner_id: '2003' } }), "'repository_owner_id'"],
    ['of a pull request', () => ({ claims: { ref: 'refs/pull/7/merge', event_name: 'pull_request' } }), "'ref'"],
    ['of an event that is not named', () => ({ claims: { event_name: 'pull_request_target' } }), "'event_name'"],
    ['of no environment', () => ({ claims: { environment: undefined } }), "'environment' is missing"],
    ['of another environment', () => ({ claims: { environment: 'live2' } }), "'environment'"],
    [
      'of another workflow',
      () => ({ claims: { job_workflow_ref: goodClaims.job_workflow_ref.replace('deploy', 'test') } }),
      "'job_workflow_ref'",
    ],
    [
      'whose sub says all of it',
      () => ({ claims: { repository_id: undefined, sub: 'repo:acme/detections:environment:live' } }),
      "'repository_id' is missing",
    ],
    ['that has expired', () => ({ claims: { exp: past(60) } }), "'exp' says that it has expired"],
    ['that never expires', () => ({ claims: { exp: undefined } }), "'exp'"],
    ['that is old, but lives long', () => ({ claims: { iat: past(700), exp: past(-9_000) } }), "'iat'"],
    ['from the future', () => ({ claims: { iat: past(-300), exp: past(-600) } }), "'iat'"],
    ['that is not valid yet', () => ({ claims: { nbf: past(-300) } }), "'nbf'"],
    ['without an id', () => ({ claims: { jti: undefined } }), "'jti'"],
    ['without a commit', () => ({ claims: { sha: undefined } }), "'sha'"],
    ['of another key', () => ({ key: other }), 'signature is wrong'],
    ['of a key that is not there', () => ({ key: other, header: { kid: 'other' } }), "'kid'"],
    ['with the algorithm none', () => ({ header: { alg: 'none' }, sign: () => Buffer.alloc(0) }), "'alg'"],
    ['with RS512', () => ({ header: { alg: 'RS512' } }), "'alg'"],
    ['that is too large', () => ({ claims: { padding: 'x'.repeat(8_000) } }), '8192 characters'],
    [
      'signed by HS256 with the public key as the secret',
      () => ({
        header: { alg: 'HS256' },
        sign: hmacWith(issuer.publicKey.export({ format: 'pem', type: 'spki' }).toString()),
      }),
      "'alg'",
    ],
    [
      'that brings its key along',
      () => ({
        header: { jwk: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }) },
        key: other,
      }),
      'signature is wrong',
    ],
  ])('%s', async (_which, forgery, named) => {
    await expectRefused(issuer.token(forgery()), named);
  });

  it.each(['a.b.c', '..', 'e30.e30.', 'é.é.é'])('%s, which is none', async (text) => {
    const answer = await use(encodeURI(text));
    expect(answer).toMatchObject({ status: 401, body: { code: 'ACCESS_OIDC_REFUSED' } });
  });
});

describe('over time', () => {
  it('what was used stays so over a restart', async () => {
    const token = issuer.token();
    expect((await use(token)).status).toBe(200);
    await restart();
    await expectRefused(token, "'jti' was used before");
  });

  it('a key that the issuer has given up is not taken, once a restart fetches its keys again', async () => {
    expect((await use(issuer.token())).status).toBe(200);
    const stale = issuer.token();
    issuer.rotate();
    // Nobody can make the runtime fetch keys by naming new ones: it waits.
    await expectRefused(issuer.token(), "'kid'");
    await restart();
    await expectRefused(stale, "'kid'");
    expect((await use(issuer.token())).status).toBe(200);
  });

  it.each(['fail', 'hang'] as const)(
    'while its keys cannot be fetched (%s) nobody is let in, nor waits for long',
    async (mode) => {
      await restart();
      issuer.serve(mode);
      const answer = await use(issuer.token());
      expect(answer).toMatchObject({ status: 503, body: { code: 'ACCESS_OIDC_KEYS_MISSING' } });
      issuer.serve('current');
      expect((await use(issuer.token())).status).toBe(200);
    },
  );

  it('pinned keys need no issuer', async () => {
    await restart({ jwks: issuer.jwks() });
    issuer.serve('fail');
    expect((await use(issuer.token())).status).toBe(200);
    issuer.rotate();
    await expectRefused(issuer.token(), "'kid'");
    issuer.serve('current');
    await expectRefused(issuer.token(), "'kid'");
  });
});

describe('a trust file', () => {
  it('says all that is wrong with it', () => {
    const { audience: _, ...rest } = policy();
    const wrong = {
      github: { ...rest, issuer: 'http://issuer.example.com', repositoryId: 'acme/detections', branch: 'main' },
    };
    const parse = () => parseTrust(JSON.stringify(wrong), 'trust.json');
    expect(parse).toThrow(/trust\.json.*'github\.issuer': Expected an https URL/);
    expect(parse).toThrow(/'github\.audience'.*|'github\.repositoryId': Expected the number.*|branch/);
    expect(() => parseTrust('{', 'trust.json')).toThrow(expect.objectContaining({ code: 'ACCESS_TRUST_INVALID' }));
  });

  it('needs neither issuer nor events', () => {
    const { issuer: _, eventNames: __, ...rest } = policy();
    expect(parseTrust(JSON.stringify({ github: rest }), 'trust.json').github).toMatchObject({
      ...{ issuer: 'https://token.actions.githubusercontent.com', eventNames: ['push'] },
    });
  });
});
