/** Checks OAuth 1.0a signatures (RFC 5849, HMAC-SHA1) as the real X does: against its own address, whatever stands in between. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { unauthorized } from './problems.ts';

export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly accessToken: string;
  readonly accessSecret: string;
}

const REAL_ORIGIN = 'https://api.x.com';
const CLOCK_DIFFERENCE_SECONDS = 300;

export function createSignatureCheck(
  credentials: Credentials,
): (method: string, url: URL, header: string | undefined) => void {
  const nonces = new Set<string>();
  return (method, url, header) => {
    if (!header?.startsWith('OAuth ')) throw unauthorized();
    const given = parseHeader(header);
    const { oauth_signature: signature = '', ...signed } = given;
    const nonce = signed.oauth_nonce ?? '';
    const age = Math.abs(Date.now() / 1000 - Number(signed.oauth_timestamp));
    const isKnown =
      signed.oauth_consumer_key === credentials.apiKey && signed.oauth_token === credentials.accessToken;
    const isRight =
      signed.oauth_signature_method === 'HMAC-SHA1' && (signed.oauth_version ?? '1.0') === '1.0';
    if (!isKnown || !isRight || !(age < CLOCK_DIFFERENCE_SECONDS) || nonce === '' || nonces.has(nonce))
      throw unauthorized();
    nonces.add(nonce);
    const expected = sign(method, url, signed, credentials);
    const [left, right] = [Buffer.from(signature), Buffer.from(expected)];
    if (left.length !== right.length || !timingSafeEqual(left, right)) throw unauthorized();
  };
}

function parseHeader(header: string): Record<string, string> {
  const pairs = header
    .slice('OAuth '.length)
    .split(',')
    .map((part) => /^\s*([^=]+)="([^"]*)"\s*$/.exec(part));
  return Object.fromEntries(
    pairs
      .filter((pair) => pair !== null)
      .map(([, name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)]),
  );
}

function sign(
  method: string,
  url: URL,
  signed: Readonly<Record<string, string>>,
  { apiSecret, accessSecret }: Credentials,
): string {
  const parameters = [...Object.entries(signed), ...url.searchParams]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const base = [method, encode(REAL_ORIGIN + url.pathname), encode(parameters)].join('&');
  return createHmac('sha1', `${encode(apiSecret)}&${encode(accessSecret)}`)
    .update(base)
    .digest('base64');
}

/** RFC 3986: encodeURIComponent leaves five characters that must be escaped. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
