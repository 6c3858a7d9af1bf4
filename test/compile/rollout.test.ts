import { expect, it } from 'vitest';
import { compileContent } from '../../framework/compile/index.ts';
import { contentFolder } from './content/content-folder.ts';

const detection = (rollout: string): string => `title: A
level: low
rollout: ${rollout}
logTypes: [Okta.SystemLog]
detection: { a: { eventType: a }, condition: a }
dedup: { by: [eventType] }
`;

async function compile(rollout: string) {
  const root = await contentFolder({ 'detections/a.yml': detection(rollout) });
  return compileContent({ root, types: false });
}

it('a rollout is in the bundle, and is no part of the version: asking for one is no other logic', async () => {
  const [with10, without] = [await compile('{ shadow: 48h, maxAlertsPerDay: 10 }'), await compile('{ shadow: 1d }')];
  const [a, b] = [with10.bundle?.detections[0], without.bundle?.detections[0]];
  expect(a?.rollout).toEqual({ shadowMs: 172_800_000, maxAlertsPerDay: 10 });
  expect(b?.rollout).toEqual({ shadowMs: 86_400_000 });
  expect(a?.version).toBe(b?.version);
});

it.each([
  ['{ maxAlertsPerDay: 10 }', "The key 'rollout.shadow' is missing"],
  ['{ shadow: soon }', 'duration'],
  ['{ shadow: 48h, maxAlertsPerDay: -1 }', 'maxAlertsPerDay'],
  ['{ shadow: 48h, budget: 10 }', 'budget'],
])('%s is told where it stands', async (rollout, words) => {
  const { bundle, problems } = await compile(rollout);
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(bundle).toBeUndefined();
  expect(errors).toMatchObject([{ where: { file: 'detections/a.yml', line: 3 } }]);
  expect(errors[0]?.message).toContain(words);
});
