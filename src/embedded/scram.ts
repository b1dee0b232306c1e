// SCRAM-SHA-256, the server's side, for the one secret of this start. Only where any local user can reach the port.
// https://www.rfc-editor.org/rfc/rfc5802 and https://www.rfc-editor.org/rfc/rfc7677
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Name under which a client proves the secret. */
export const SECRET_USER = 'embedded';
/** The least that RFC 7677 and the drivers allow: the secret is random bytes, which no dictionary has. */
const ITERATIONS = 4096;
const NONCE_BYTES = 18;
const SALT_BYTES = 16;

/** A conversation that waits for the client's proof. */
export interface ScramConversation {
  /** What the server says first: nonce, salt and iterations. */
  challenge: string;
  /** The server's signature when the proof is right, else undefined. */
  finish(clientFinal: string): string | undefined;
}

/** Answers the client's first message; undefined when it is malformed or names another user. */
export function startScram(clientFirst: string, secret: string): ScramConversation | undefined {
  const parsed = /^n,,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+))$/.exec(clientFirst);
  const [, bare, user, clientNonce] = parsed ?? [];
  if (bare === undefined || user !== SECRET_USER || clientNonce === undefined) return undefined;
  const nonce = clientNonce + randomBytes(NONCE_BYTES).toString('base64');
  const salt = randomBytes(SALT_BYTES);
  const challenge = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
  return {
    challenge,
    finish(clientFinal) {
      const [, withoutProof, proof] = /^(c=biws,r=.+),p=([A-Za-z0-9+/=]+)$/.exec(clientFinal) ?? [];
      if (withoutProof !== `c=biws,r=${nonce}` || proof === undefined) return undefined;
      const salted = pbkdf2Sync(secret, salt, ITERATIONS, 32, 'sha256');
      const message = `${bare},${challenge},${withoutProof}`;
      return isProof(salted, message, Buffer.from(proof, 'base64'))
        ? `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`
        : undefined;
    },
  };
}

/** The proof is the client's key, hidden by a signature that only its hash can make. */
function isProof(salted: Buffer, message: string, proof: Buffer): boolean {
  const storedKey = sha256(hmac(salted, 'Client Key'));
  const signature = hmac(storedKey, message);
  if (proof.length !== signature.length) return false;
  const clientKey = Buffer.from(proof.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return timingSafeEqual(sha256(clientKey), storedKey);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
