import type { DestinationPlugin } from '../destination-plugin.ts';
import { fileDestination } from './file/file-destination.ts';
import { slackDestination } from './slack/slack-destination.ts';
import { stdoutDestination } from './stdout/stdout-destination.ts';
import { webhookDestination } from './webhook/webhook-destination.ts';

const plugins: readonly DestinationPlugin[] = [
  fileDestination,
  slackDestination,
  stdoutDestination,
  webhookDestination,
];

/** The types of destinations there are. */
export const pluginTypes: readonly string[] = plugins.map(({ type }) => type);

/** The plug-in of a type. */
export function pluginOf(type: string): DestinationPlugin | undefined {
  return plugins.find((plugin) => plugin.type === type);
}
