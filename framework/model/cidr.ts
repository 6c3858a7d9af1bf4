import { MargayError } from './margay-error.ts';

/** An address as 32-bit words: one for IPv4, four for IPv6. An IPv4-mapped IPv6 address is the IPv4 address. */
export type IpAddress = readonly number[];

/** A network: the words of its first address and the length of its prefix in bits. */
export interface Cidr {
  readonly first: IpAddress;
  readonly prefix: number;
}

/**
 * An address from text, or `undefined` where the text is none. Strict as `inet_pton`: no leading zeros, no
 * blanks; a zone (`fe80::1%eth0`) is ignored.
 */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length < 2 || text.length > 100) return undefined;
  if (!text.includes(':')) return parseIpv4(text);
  const words = parseIpv6(text);
  return words && isMapped(words) ? [words[3] as number] : words;
}

/**
 * A network from `10.0.0.0/8` or `2001:db8::/32`; an address alone is the network of that one address.
 *
 * @throws MODEL_CIDR_INVALID when it is no network, or has bits set behind its prefix (`10.0.0.1/8`).
 */
export function parseCidr(text: string): Cidr {
  const [address, bits, ...rest] = text.split('/') as [string, ...string[]];
  const words = parseIp(address);
  const isMappedText = words?.length === 1 && address.includes(':');
  const most = words?.length === 1 && !isMappedText ? 32 : 128;
  const written = bits === undefined ? most : /^(0|[1-9]\d{0,2})$/.test(bits) ? Number(bits) : Number.NaN;
  const prefix = isMappedText ? written - 96 : written;
  if (!words || rest.length > 0 || !(written <= most) || prefix < 0) {
    throw new MargayError('MODEL_CIDR_INVALID', `'${text}' is not a network.`, {
      hint: "Write an address, a slash and the bits of the prefix: '10.0.0.0/8' or '2001:db8::/32'.",
    });
  }
  const first = words.map((word, i) => (word & maskOf(prefix, i)) >>> 0);
  if (first.some((word, i) => word !== words[i])) {
    throw new MargayError('MODEL_CIDR_INVALID', `'${text}' has bits set behind its prefix of ${written} bits.`, {
      hint: `Write '${formatIp(first)}/${prefix}' for the network, or '${formatIp(words)}/${words.length * 32}' for the one address.`,
    });
  }
  return { first, prefix };
}

/** Whether a text is an address in the network. What is no address is in none. */
export function inCidr(text: string, cidr: Cidr): boolean {
  const words = parseIp(text);
  if (words?.length !== cidr.first.length) return false;
  return words.every((word, i) => (word & maskOf(cidr.prefix, i)) >>> 0 === cidr.first[i]);
}

/** The canonical text of an address, by RFC 5952. */
export function formatIp(words: IpAddress): string {
  if (words.length === 1) return [24, 16, 8, 0].map((shift) => ((words[0] as number) >>> shift) & 255).join('.');
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]).map((group) => group.toString(16));
  const text = groups.join(':');
  let zeros = '';
  for (const found of text.matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g))
    if (found[0].length > zeros.length) zeros = found[0];
  if (zeros === '') return text;
  const start = text.search(new RegExp(`(?<![0-9a-f])${zeros}(?![0-9a-f])`));
  return `${text.slice(0, start).replace(/:$/, '')}::${text.slice(start + zeros.length).replace(/^:/, '')}`;
}

function parseIpv4(text: string): IpAddress | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!found) return undefined;
  let word = 0;
  for (const digits of found.slice(1)) {
    if (Number(digits) > 255 || (digits.length > 1 && digits.startsWith('0'))) return undefined;
    word = word * 256 + Number(digits);
  }
  return [word];
}

function parseIpv6(text: string): IpAddress | undefined {
  const zone = text.indexOf('%');
  const halves = (zone < 0 ? text : text.slice(0, zone)).split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(parseGroups);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  return [0, 2, 4, 6].map((i) => (((groups[i] as number) << 16) | (groups[i + 1] as number)) >>> 0);
}

/** The 16-bit groups of one side of `::`; the last may be an IPv4 address. */
function parseGroups(text: string, side: number, sides: readonly string[]): readonly number[] | undefined {
  if (text === '') return sides.length === 2 ? [] : undefined;
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1 && side === sides.length - 1;
    const ipv4 = isLast && part.includes('.') ? parseIpv4(part)?.[0] : undefined;
    if (ipv4 !== undefined) groups.push(ipv4 >>> 16, ipv4 & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function isMapped(words: IpAddress): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

/** The bits of word `i` that a prefix covers. */
function maskOf(prefix: number, i: number): number {
  const bits = Math.min(32, Math.max(0, prefix - i * 32));
  return bits === 0 ? 0 : -1 << (32 - bits);
}
