/** Checks OAuth 1.0a signatures (RFC 5849, HMAC-SHA1) as the real Tumblr does: against its own address, whatever stands in between. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { unauthorized } from './refusal.ts';

export interface Credentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: string;
  readonly tokenSecret: string;
}

const REAL_ORIGIN = 'https://api.tumblr.com';
const CLOCK_DIFFERENCE_SECONDS = 300;

interface Signed {
  readonly method: string;
  readonly url: URL;
  readonly header: string | undefined;
  /** A body that is a form is signed as well (RFC 5849, 3.4.1.3.1). */
  readonly form: URLSearchParams;
}

export function createSignatureCheck(credentials: Credentials, now: () => number): (request: Signed) => void {
  const nonces = new Set<string>();
  return ({ method, url, header, form }) => {
    if (!header?.startsWith('OAuth ')) throw unauthorized();
    const given = new Map<string, string>();
    for (const part of header.slice('OAuth '.length).split(',')) {
      const [, name, value] = /^\s*([a-z_]+)="([A-Za-z0-9\-._~%]*)"\s*$/.exec(part) ?? [];
      if (name === undefined || value === undefined || given.has(name)) throw unauthorized();
      given.set(name, decodeURIComponent(value));
    }
    const signature = given.get('oauth_signature') ?? '';
    given.delete('oauth_signature');
    const stamp = `${given.get('oauth_timestamp')} ${given.get('oauth_nonce')}`;
    const isKnown =
      given.get('oauth_consumer_key') === credentials.consumerKey &&
      given.get('oauth_token') === credentials.token;
    const isRight =
      given.get('oauth_signature_method') === 'HMAC-SHA1' &&
      (given.get('oauth_version') ?? '1.0') === '1.0' &&
      (given.get('oauth_nonce') ?? '') !== '' &&
      Math.abs(now() / 1000 - Number(given.get('oauth_timestamp'))) < CLOCK_DIFFERENCE_SECONDS;
    if (!isKnown || !isRight || nonces.has(stamp)) throw unauthorized();
    nonces.add(stamp);
    const pairs = [...given, ...url.searchParams, ...form].map(([name, value]) => [
      escape3986(name),
      escape3986(value),
    ]);
    pairs.sort((a, b) => Buffer.compare(Buffer.from(a.join('\u0000')), Buffer.from(b.join('\u0000'))));
    const base = [
      method,
      escape3986(REAL_ORIGIN + url.pathname),
      escape3986(pairs.map((pair) => pair.join('=')).join('&')),
    ].join('&');
    const key = `${escape3986(credentials.consumerSecret)}&${escape3986(credentials.tokenSecret)}`;
    const expected = createHmac('sha1', key).update(base).digest();
    const found = Buffer.from(signature, 'base64');
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) throw unauthorized();
  };
}

/** Byte by byte, so that it shares no shortcut with the signer that it checks. */
function escape3986(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
