/** Sealing of short texts with AES-256-GCM: nobody without the key can read them, or change them unnoticed. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../core/clock.ts';

const CIPHER = 'aes-256-gcm';
/** The length that GCM is made for (NIST SP 800-38D, 8.2); by chance, it may be used some billions of times with one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** @param key 32 bytes */
export function seal(text: string, key: Uint8Array, random: Pick<Random, 'bytes'>): string {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  const sealed = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return `${VERSION}.${Buffer.concat(sealed).toString('base64url')}`;
}

/** Undefined for anything that was not sealed with this key. */
export function unseal(sealed: string, key: Uint8Array): string | undefined {
  const [version, content = ''] = sealed.split('.');
  const bytes = Buffer.from(content, 'base64url');
  if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    return undefined;
  }
}
