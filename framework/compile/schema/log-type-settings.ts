import { z } from 'zod';
import type { LogType } from '../../model/log-type.ts';
import { duration } from './scalars.ts';

const minute = 60_000;
const day = 86_400_000;

/** How long rows are kept. The lake files and deletes them by the day. */
export const retention = duration.refine(
  (durationMs) => durationMs >= day,
  'What is kept is kept for a day or longer.',
);

/** What a team decides about a log type, in its file or, stronger, in `margay.config.ts`. */
export const logTypeSettings = {
  /** How long its events are kept in the lake. @defaultValue for ever */
  retention: retention.optional(),
  /** How long its batches are kept as they came, to derive events again. @defaultValue 30d */
  archive: duration.optional(),
  /** No logs for so long raise an alert. @defaultValue never */
  silentAfter: duration
    .refine((durationMs) => durationMs >= minute, 'A source is silent after one minute or longer.')
    .optional(),
};

/** The settings of a log type in `margay.config.ts`. */
export const logTypeSettingsSchema = z.strictObject(logTypeSettings);

/** The settings as a bundle holds them. */
export function lowerSettings(
  settings: z.infer<typeof logTypeSettingsSchema>,
): Pick<LogType, 'retentionMs' | 'archiveMs' | 'silentAfterMs'> {
  return {
    ...(settings.retention === undefined ? {} : { retentionMs: settings.retention }),
    ...(settings.archive === undefined ? {} : { archiveMs: settings.archive }),
    ...(settings.silentAfter === undefined ? {} : { silentAfterMs: settings.silentAfter }),
  };
}
