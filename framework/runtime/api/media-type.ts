import { MargayError } from '../../model/margay-error.ts';

/** What logs may come as. `application/x-www-form-urlencoded` is what curl says of any `--data-binary`. */
export const logMediaTypes: readonly string[] = [
  'application/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/octet-stream',
  'application/gzip',
  'application/x-gzip',
  'application/x-www-form-urlencoded',
  'text/plain',
];

/** What requests that are objects come as. A web page cannot send it to another origin unasked. */
export const jsonMediaTypes: readonly string[] = ['application/json'];

/**
 * Checks a `Content-Type` header; `charset` must be UTF-8 where it is given.
 *
 * @throws API_MEDIA_TYPE_UNSUPPORTED
 */
export function checkMediaType(header: string | undefined, allowed: readonly string[]): void {
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.replaceAll('"', '');
  const isUtf8 = charset === undefined || /^charset=(utf-?8|us-ascii)$/.test(charset);
  if (isUtf8 && (allowed.includes(type) || (type === '' && allowed === logMediaTypes))) return;
  throw new MargayError(
    'API_MEDIA_TYPE_UNSUPPORTED',
    `The body has the type '${header ?? ''}', which is not read here.`,
    {
      hint: `Send ${allowed[0]} in UTF-8${allowed === logMediaTypes ? ', or application/x-ndjson' : ''}.`,
    },
  );
}
