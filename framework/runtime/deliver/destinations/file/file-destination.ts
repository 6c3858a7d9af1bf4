import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DestinationPlugin } from '../../destination-plugin.ts';
import { notificationPayload } from '../../notification-payload.ts';

/** Appends one JSON object a line ({@link NotificationPayload}) to a file, and waits until it is on the disk. */
export const fileDestination: DestinationPlugin = {
  type: 'file',
  settings: { path: { kind: 'text', isRequired: true } },
  send: async (notification, { settings, directory }) => {
    const path = resolve(directory, settings.texts.path ?? '');
    try {
      await appendLine(path, JSON.stringify(notificationPayload(notification)));
      return { kind: 'sent' };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', code: 'DELIVER_WRITE_FAILED', reason, isPermanent: false };
    }
  },
};

async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    // After a crash the last line may be torn; the next one must not hang on it.
    const isTorn = size > 0 && buffer[0] !== 0x0a;
    await file.appendFile(`${isTorn ? '\n' : ''}${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
