/**
 * Headers of the tar format as POSIX describes it (ustar), so that any tar program opens a backup.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */

export const BLOCK_BYTES = 512;
/** Places in a header: [offset, bytes]. */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  user: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const;
type Field = keyof typeof FIELD;

/** Eleven octal digits; larger sizes are written in binary, which GNU tar, bsdtar and others read. */
const LARGEST_OCTAL = 0o77777777777;
const BINARY_MARK = 0x80;
/** Only the owner may read what is unpacked: it holds credentials and unpublished posts. */
const FILE_MODE = '0000600';
const REGULAR_FILE = '0';
const MAGIC = 'ustar\u000000';

export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
}

/** The bytes that fill an entry's last block. */
export function paddingOf(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** A header block for a regular file. The name has at most 100 bytes of ASCII. */
export function writeHeader({ name, bytes }: TarEntry, modified: Date): Buffer {
  if (name.length > FIELD.name[1] || !/^[\x21-\x7e]+$/.test(name))
    throw new RangeError(`a name in the archive is "${name}", possible are up to 100 ASCII characters`);
  const block = Buffer.alloc(BLOCK_BYTES);
  const put = (field: Field, text: string) => block.write(text, FIELD[field][0], 'latin1');
  put('name', name);
  put('mode', FILE_MODE);
  put('user', '0000000');
  put('group', '0000000');
  if (bytes <= LARGEST_OCTAL) put('size', octal(bytes, 11));
  else {
    block[FIELD.size[0]] = BINARY_MARK;
    block.writeBigUInt64BE(BigInt(bytes), FIELD.size[0] + 4);
  }
  put('time', octal(Math.floor(modified.getTime() / 1000), 11));
  put('type', REGULAR_FILE);
  put('magic', MAGIC);
  put('checksum', `${octal(checksumOf(block), 6)}\0 `);
  return block;
}

/**
 * Reads a header block.
 * @returns undefined for a block of zeros, which ends an archive; a text that says what is wrong for anything that we did not write
 */
export function readHeader(block: Buffer): TarEntry | string | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (field: Field) => {
    const [offset, length] = FIELD[field];
    return block.toString('latin1', offset, offset + length).split('\0', 1)[0] ?? '';
  };
  if (Number.parseInt(text('checksum'), 8) !== checksumOf(block)) return 'a header is damaged';
  if (text('type') !== REGULAR_FILE) return `"${text('name')}" is not a regular file`;
  const isBinary = block[FIELD.size[0]] === BINARY_MARK;
  const bytes = isBinary
    ? Number(block.readBigUInt64BE(FIELD.size[0] + 4))
    : Number.parseInt(text('size'), 8);
  if (!Number.isSafeInteger(bytes)) return `the size of "${text('name')}" cannot be read`;
  return { name: text('name'), bytes };
}

/** The sum of the block's bytes, its own field counted as spaces. */
function checksumOf(block: Buffer): number {
  const [offset, length] = FIELD.checksum;
  let sum = 0;
  for (const [index, byte] of block.entries())
    sum += index >= offset && index < offset + length ? 0x20 : byte;
  return sum;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
