import { parseIp } from '../model/cidr.ts';

/**
 * Networks that the Internet does not route: private use, shared by carriers, loopback, link-local, unspecified.
 *
 * @source IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 1918, 6598, 4193, 4291.
 */
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '0.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
  '::/128',
];

/** Whether a value is the text of an IPv4 or IPv6 address. */
export function isValid(address: unknown): address is string {
  return typeof address === 'string' && parseIp(address) !== undefined;
}

/**
 * Whether an address is in one of the networks: `ip.inCidr(event.client?.ipAddress, '10.0.0.0/8', '2001:db8::/32')`.
 *
 * A network without `/bits` is one address; bits behind its prefix are ignored. An IPv4-mapped IPv6 address
 * counts as the IPv4 address. What is no address is in no network, and what is no network holds none.
 */
export function inCidr(address: unknown, ...networks: readonly string[]): boolean {
  const words = typeof address === 'string' ? parseIp(address) : undefined;
  return words !== undefined && networks.some((network) => contains(network, words));
}

/**
 * Whether an address is one that the Internet does not route: private use (RFC 1918, `fc00::/7`), shared by
 * carriers (`100.64.0.0/10`), loopback, link-local or unspecified.
 */
export function isPrivate(address: unknown): boolean {
  return inCidr(address, ...privateNetworks);
}

function contains(network: string, words: readonly number[]): boolean {
  const [text, bits, ...rest] = network.split('/');
  const first = parseIp(text ?? '');
  if (!first || first.length !== words.length || rest.length > 0) return false;
  const isMapped = first.length === 1 && network.includes(':');
  const most = isMapped ? 128 : first.length * 32;
  const written = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  const prefix = isMapped ? written - 96 : written;
  if (prefix < 0 || written > most) return false;
  return words.every((word, i) => ((word ^ (first[i] as number)) & maskOf(prefix - i * 32)) === 0);
}

/** The highest `bits` bits of a word. */
function maskOf(bits: number): number {
  return bits <= 0 ? 0 : -1 << (32 - Math.min(32, bits));
}
