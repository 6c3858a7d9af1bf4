import { expect, it } from 'vitest';
import { openStory } from './open-story.ts';

it('a batch of more than 100,000 records is refused as a whole, and says how many may be', async () => {
  const story = await openStory();
  try {
    await story.publish();
    const { log } = await story.client.status();
    const refused = story.send(Array(100_001).fill({}));
    await expect(refused).rejects.toMatchObject({
      code: 'API_BATCH_TOO_LONG',
      message: 'The batch has more than 100000 records; nothing of it was taken.',
      cause: { status: 413 },
    });
    const after = await story.client.status();
    expect([after.log, after.deadLetterCount]).toEqual([log, 0]);
  } finally {
    await story.close();
  }
}, 60_000);
