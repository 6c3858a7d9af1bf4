import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateTypes } from '../../../framework/compile/typescript/generate-types.ts';
import { types, typesInput } from './types-fixture.ts';

it('declares log types, events, rows and contexts', async () => {
  await expect(types).toMatchFileSnapshot(join(import.meta.dirname, 'golden/types.txt'));
});

it('does not depend on the order of what it is given', () => {
  const { logTypes, detections, queries } = typesInput;
  const reversed = { logTypes: logTypes.toReversed(), detections: detections.toReversed(), queries };
  expect(generateTypes(reversed)).toBe(types);
});

it('of nothing is still a module', () => {
  expect(generateTypes({ logTypes: [], detections: [], queries: [] })).toContain('interface Detections {\n  }');
});
