// LMDB has no checksums, so a bit that changed on the disk would be given to a client as if it had been stored so. Every
// value therefore carries one, which is compared whenever the value is read.
import { crc32 } from 'node:zlib';
import { MongoError } from './errors.ts';

export const SEAL_BYTES = 4;
const NOTHING = Buffer.alloc(0);

/** Code 22, InvalidBSON, as MongoDB answers for a document that it cannot read. */
function damaged(): MongoError {
  return new MongoError(22, 'a stored value is damaged: its checksum differs; restore a backup');
}

/**
 * How a key space writes and reads its values. An empty value stays empty: it is an index entry whose key says it all.
 * Shape of an encoder for lmdb: https://github.com/kriszyp/lmdb-js#lmdbopenoptions
 */
export const sealedValues = {
  encode(value: Uint8Array): Buffer {
    if (value.length === 0) return NOTHING;
    const sealed = Buffer.allocUnsafe(value.length + SEAL_BYTES);
    sealed.set(value);
    sealed.writeUInt32LE(crc32(value), value.length);
    return sealed;
  },

  /**
   * @param stored lmdb's own buffer, of which `length` tells the part that is used; it is overwritten by the next read
   * @throws MongoError 22 when the value is not what was stored
   */
  decode(stored: Buffer): Buffer {
    const { length } = stored;
    if (length === 0) return NOTHING;
    if (length <= SEAL_BYTES) throw damaged();
    const value = Buffer.from(stored.subarray(0, length - SEAL_BYTES));
    if (crc32(value) !== stored.readUInt32LE(length - SEAL_BYTES)) throw damaged();
    return value;
  },
};
