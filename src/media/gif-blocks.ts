/** Walks the blocks of a GIF (GIF89a specification, W3C) to see whether the file is whole. */

const HEADER = 6;
const SCREEN_DESCRIPTOR = 7;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

/** False when the file ends inside a block. One that lacks only its closing byte is whole: viewers do not mind. */
export function gifIsComplete(bytes: Buffer): boolean {
  const screen = bytes[HEADER + 4];
  if (screen === undefined) return false;
  let at = HEADER + SCREEN_DESCRIPTOR + colourTable(screen);
  let images = 0;
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === TRAILER) return true;
    if (kind === EXTENSION) {
      at = afterSubBlocks(bytes, at + 2);
    } else if (kind === IMAGE) {
      const descriptor = bytes[at + 9];
      if (descriptor === undefined) return false;
      // Ten bytes of descriptor, the colours, one byte of code size, then the pixels.
      at = afterSubBlocks(bytes, at + 10 + colourTable(descriptor) + 1);
      images += 1;
    } else {
      // Rubbish after the last frame: viewers stop here too.
      return images > 0;
    }
  }
  return at === bytes.length && images > 0;
}

/** Bytes of the colour table that a packed field announces. */
function colourTable(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}

/** Where the chain of sub-blocks ends; beyond the file when it is cut. */
function afterSubBlocks(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    at += 1 + length;
    if (length === 0) return at;
  }
  return bytes.length + 1;
}
