import { Agent, request } from 'node:http';

/** Sends a body to a runtime and resolves when it is acknowledged, which is when it is durable. */
export function createSender(url: string, connections: number): (key: string, body: Buffer) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const target = `${url}/v1/logs/Okta.SystemLog`;
  return (key, body) =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-ndjson',
        'content-length': body.length,
        'idempotency-key': key,
        'x-margay-source': 'bench',
      };
      const sending = request(target, { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 202) resolve();
          else reject(new Error(`The runtime answered ${response.statusCode}.`));
        });
      });
      sending.on('error', reject);
      sending.end(body);
    });
}
