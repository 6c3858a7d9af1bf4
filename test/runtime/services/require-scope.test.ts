import { expect, it } from 'vitest';
import { backtest } from '../../../framework/runtime/services/backtest-service.ts';
import type { RuntimeParts } from '../../../framework/runtime/services/runtime-parts.ts';

it.each(['values', 'samples'])('%s of the lake are for those who may read it', async (option) => {
  const { signal } = new AbortController();
  const request = {
    envelope: { digest: 'sha256:1', content: '{}' },
    ...{ detectionId: 'okta/a', days: 30, against: 'live' as const, values: false, samples: false },
    ...{ actor: 'test', scopes: [], signal, [option]: true },
  };
  // Refused before anything of the runtime is asked.
  const lines = backtest({} as RuntimeParts, request);
  await expect(lines.next()).rejects.toMatchObject({ code: 'API_SCOPE_MISSING' });
});
