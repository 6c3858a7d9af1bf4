import { type Cidr, parseCidr } from '../../../model/cidr.ts';
import { bindValue } from '../json-text.ts';
import { textConstant } from '../literal.ts';

const octet = '(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])';
const dotted = `${octet}(?:\\.${octet}){3}`;
const group = '[0-9A-Fa-f]{1,4}';
const mappedPrefix = '00000000000000000000ffff';

/** Whether a text is an address in a network. DuckDB has no addresses here: it is done on texts. */
export function printCidr(network: string, text: string): string {
  const cidr = parseCidr(network);
  const isV4 = cidr.first.length === 1;
  return bindValue(text, (value) => {
    const four = isV4 ? `(${inDotted(cidr, value)})` : 'false';
    return `CASE WHEN contains(${value}, ':') THEN coalesce(${inHexadecimal(cidr, value)}, false) ELSE ${four} END`;
  });
}

/** Whole octets are compared as text, which has no leading zeros; then the bits of the next. */
function inDotted({ first, prefix }: Cidr, text: string): string {
  const octets = [24, 16, 8, 0].map((shift) => ((first[0] as number) >>> shift) & 255);
  const whole = Math.floor(prefix / 8);
  const start = octets
    .slice(0, whole)
    .map((value, i) => (i === 3 ? `${value}` : `${value}.`))
    .join('');
  const parts = start === '' ? [] : [`starts_with(${text}, ${textConstant(start)})`];
  parts.push(`regexp_full_match(${text}, ${textConstant(dotted)})`);
  if (prefix % 8 !== 0) {
    const low = octets[whole] as number;
    const high = low + 2 ** (8 - (prefix % 8)) - 1;
    parts.push(`TRY_CAST(split_part(${text}, '.', ${whole + 1}) AS INTEGER) BETWEEN ${low} AND ${high}`);
  }
  return parts.join(' AND ');
}

/** Between the first and the last address, both as 32 hexadecimal digits. */
function inHexadecimal({ first, prefix }: Cidr, text: string): string {
  const isV4 = first.length === 1;
  const words = isV4 ? [0, 0, 0xffff, ...first] : first;
  const bits = isV4 ? prefix + 96 : prefix;
  const low = words.map(hexadecimal).join('');
  const high = words.map((word, i) => hexadecimal((word | hostBits(bits, i)) >>> 0)).join('');
  const inRange = (digits: string): string => `${digits} BETWEEN '${low}' AND '${high}'`;
  const body = isV4 ? inRange('margay_h') : `(${inRange('margay_h')} AND NOT starts_with(margay_h, '${mappedPrefix}'))`;
  return `list_transform([${hexadecimalOf(text)}], lambda margay_h: ${body})[1]`;
}

function hostBits(prefix: number, word: number): number {
  const bits = Math.min(32, Math.max(0, prefix - word * 32));
  return bits === 32 ? 0 : 0xffffffff >>> bits;
}

function hexadecimal(word: number): string {
  return word.toString(16).padStart(8, '0');
}

/** The 32 hexadecimal digits of an IPv6 address; NULL where a text is none. The zone is left out. */
function hexadecimalOf(text: string): string {
  // JavaScript's length: two for what is beyond 16 bits.
  const length = `length(regexp_replace(${text}, '[^\\x{0}-\\x{ffff}]', 'xx', 'g'))`;
  const address = `list_transform([split_part(${text}, '%', 1)], lambda margay_a: ${withoutDots('margay_a')})[1]`;
  return `CASE WHEN ${length} <= 100 THEN list_transform([${address}], lambda margay_b: ${expand('margay_b')})[1] END`;
}

/** The IPv4 address at the end, if there is one, as two groups. */
function withoutDots(address: string): string {
  const last = `regexp_extract(${address}, '[^:]*$')`;
  const octetAt = (place: number): string => `CAST(split_part(${last}, '.', ${place}) AS INTEGER)`;
  const groups = `printf('%02x%02x:%02x%02x', ${[1, 2, 3, 4].map(octetAt).join(', ')})`;
  const head = `${address}[1:length(${address}) - length(${last})]`;
  return `CASE WHEN regexp_full_match(${last}, ${textConstant(dotted)}) THEN ${head} || ${groups} ELSE ${address} END`;
}

function expand(address: string): string {
  const full = `${group}(?::${group}){7}`;
  const side = `(?:${group}(?::${group})*)?`;
  const [head, tail] = [1, 2].map((place) => padGroups(`split_part(${address}, '::', ${place})`)) as [string, string];
  const zeros = `repeat('0', 32 - strlen(${head}) - strlen(${tail}))`;
  const isShort = `regexp_full_match(${address}, ${textConstant(`${side}::${side}`)}) AND strlen(${head}) + strlen(${tail}) <= 28`;
  return `CASE WHEN regexp_full_match(${address}, ${textConstant(full)}) THEN ${padGroups(address)} WHEN ${isShort} THEN ${head} || ${zeros} || ${tail} END`;
}

/** `1:ab` as `000100ab`. */
function padGroups(groups: string): string {
  const padded = `list_transform(string_split(${groups}, ':'), lambda margay_g: lpad(lower(margay_g), 4, '0'))`;
  return `CASE WHEN ${groups} = '' THEN '' ELSE array_to_string(${padded}, '') END`;
}
