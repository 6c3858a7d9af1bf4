const blockBytes = 512;
const mostNameBytes = 100;

/** The header of a file in a tar archive; its content follows, filled up to {@link paddingOf}. @source POSIX.1-1988, "ustar" */
export function tarHeader(name: string, bytes: number, modifiedAtMs: number): Buffer {
  const header = Buffer.alloc(blockBytes);
  const cut = name.length <= mostNameBytes ? -1 : name.lastIndexOf('/');
  if (cut > 155 || name.length - cut > mostNameBytes || bytes >= 8 ** 11)
    throw new Error(`${name} fits no tar header.`);
  header.write(name.slice(cut + 1), 0, mostNameBytes, 'ascii');
  if (cut >= 0) header.write(name.slice(0, cut), 345, 155, 'ascii');
  header.write('0000600\0', 100, 'ascii');
  header.write('0000000\0', 108, 'ascii');
  header.write('0000000\0', 116, 'ascii');
  header.write(octal(bytes, 11), 124, 'ascii');
  header.write(octal(Math.floor(modifiedAtMs / 1_000), 11), 136, 'ascii');
  header.write('        ', 148, 'ascii');
  header.write('0', 156, 'ascii');
  header.write('ustar\x0000', 257, 'ascii');
  header.write(`${octal(checksum(header), 6)}\0 `, 148, 'ascii');
  return header;
}

/** What a header says; `undefined` for the block of zeros at the end, `null` for what is no header of ours. */
export function readTarHeader(header: Buffer): { readonly name: string; readonly bytes: number } | null | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const bytes = Number.parseInt(text(header, 124, 12).trim(), 8);
  const isOurs = text(header, 257, 5) === 'ustar' && header[156] === 0x30 && Number.isSafeInteger(bytes);
  const written = Number.parseInt(text(header, 148, 8).trim(), 8);
  header.write('        ', 148, 'ascii');
  if (!isOurs || written !== checksum(header)) return null;
  const folder = text(header, 345, 155);
  const name = text(header, 0, mostNameBytes);
  return { name: folder === '' ? name : `${folder}/${name}`, bytes };
}

/** How many zeros follow a content. */
export function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/** What ends an archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/** The size of a header. */
export const tarHeaderBytes = blockBytes;

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end);
}

function checksum(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}
