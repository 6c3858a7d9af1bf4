import { createHmac } from 'node:crypto';
import type { DestinationPlugin } from '../../destination-plugin.ts';
import { notificationPayload } from '../../notification-payload.ts';
import { postRequest } from '../../post-request.ts';

/**
 * Posts a {@link NotificationPayload} as JSON.
 *
 * Every attempt of a notification has the same `Idempotency-Key`. With a `secret` there is a `Margay-Signature` header,
 * `t=UNIX_SECONDS,v1=HEX`: HMAC-SHA-256 with the secret over the seconds, a dot and the body.
 */
export const webhookDestination: DestinationPlugin = {
  type: 'webhook',
  settings: {
    url: { kind: 'text-or-secret', isRequired: true },
    headers: { kind: 'headers', isRequired: false },
    secret: { kind: 'secret', isRequired: false },
  },
  send: (notification, context) => {
    const { texts, headers } = context.settings;
    const body = JSON.stringify(notificationPayload(notification));
    const secret = texts.secret;
    const request = {
      url: texts.url ?? '',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'idempotency-key': notification.notificationId,
        ...(secret === undefined ? {} : { 'margay-signature': signBody(body, secret, context.clock.now()) }),
      },
      body,
    };
    return postRequest(request, context);
  },
};

function signBody(body: string, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
