/** Signs a request as OAuth 1.0a wants it (RFC 5849, 3.4), with HMAC-SHA1: the only method that Tumblr takes. */
import { createHmac } from 'node:crypto';
import type { SigningCredentials } from './settings.ts';

interface Signable {
  readonly method: string;
  /** With its query. */
  readonly url: URL;
  /** The fields of a body that is a form; a JSON or multipart body is not signed (RFC 5849, 3.4.1.3.1). */
  readonly form?: Readonly<Record<string, string>>;
}

/** The value of the header `Authorization`. @param seconds since 1970; @param nonce never used before in that second */
export function authorization(
  { method, url, form = {} }: Signable,
  credentials: SigningCredentials,
  { nonce, seconds }: { readonly nonce: string; readonly seconds: number },
): string {
  const oauth: Readonly<Record<string, string>> = {
    oauth_consumer_key: credentials.consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(seconds),
    oauth_token: credentials.token,
    oauth_version: '1.0',
  };
  const parameters = [...Object.entries(oauth), ...url.searchParams, ...Object.entries(form)]
    .map(([name, value]) => [percent(name), percent(value)] as const)
    .sort(byBytes)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const base = [method.toUpperCase(), percent(url.origin + url.pathname), percent(parameters)].join('&');
  const key = `${percent(credentials.consumerSecret)}&${percent(credentials.tokenSecret)}`;
  const signature = createHmac('sha1', key).update(base).digest('base64');
  const header = Object.entries({ ...oauth, oauth_signature: signature }).map(
    ([name, value]) => `${name}="${percent(value)}"`,
  );
  return `OAuth ${header.join(', ')}`;
}

type Pair = readonly [name: string, value: string];

/** Escaped text is ASCII, so comparing it is comparing its bytes. */
function byBytes([nameA, valueA]: Pair, [nameB, valueB]: Pair): number {
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  if (valueA === valueB) return 0;
  return valueA < valueB ? -1 : 1;
}

/** RFC 3986: encodeURIComponent leaves five characters that must be escaped. */
function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
