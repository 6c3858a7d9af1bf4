import type { DestinationPlugin } from '../../destination-plugin.ts';
import { postRequest } from '../../post-request.ts';
import { slackMessage } from './slack-message.ts';

/** Posts to a Slack channel by an incoming webhook. */
export const slackDestination: DestinationPlugin = {
  type: 'slack',
  settings: { webhookUrl: { kind: 'secret', isRequired: true } },
  send: (notification, context) =>
    postRequest(
      {
        url: context.settings.texts.webhookUrl ?? '',
        headers: { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': notification.notificationId },
        body: JSON.stringify(slackMessage(notification)),
      },
      context,
    ),
};
