import { defaultUrl } from '../connection-options.ts';

/** What `margay run` says once it runs. */
export interface BannerOptions {
  readonly url: string;
  /** The data folder, as one would type it. */
  readonly data: string;
  readonly watch: boolean;
  /** Whether requests need a token. */
  readonly guarded: boolean;
}

/** Where to send logs, what to look at, how to publish and how to stop. */
export function runBanner({ url, data, watch, guarded }: BannerOptions): string {
  const at = url === defaultUrl ? '' : ` --url ${url}`;
  const header = guarded ? ' -H "authorization: Bearer $MARGAY_TOKEN"' : '';
  const lines: readonly (readonly [string, string])[] = [
    ['send logs', `margay send FILE --log-type Okta.SystemLog${at}`],
    ['', `curl${header} --data-binary @FILE ${url}/v1/logs/Okta.SystemLog`],
    ['look', `margay alerts${at}`],
    ['publish', watch ? 'save a file: the content goes live on every change' : `margay publish${at}`],
    ['stop', 'Ctrl-C'],
  ];
  return [
    `Margay runs at ${url} and keeps its data in ${data}`,
    ...lines.map(([name, what]) => `  ${name.padEnd(12)}${what}`),
  ].join('\n');
}
