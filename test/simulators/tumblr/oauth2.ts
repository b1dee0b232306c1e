/** OAuth 2 as Tumblr has it: access tokens of 42 minutes, and refresh tokens that are good once. */
import { invalid, only, unauthorized } from './refusal.ts';

const LIFE_SECONDS = 2520;

export function createBearerCheck(
  app: { readonly consumerKey: string; readonly consumerSecret: string },
  now: () => number,
  /** False: a renewal leaves the refresh token as it is. */
  rotates: boolean,
) {
  let serial = 1;
  let access = { token: 'access-1-7be2', until: Number.POSITIVE_INFINITY };
  let refresh = 'refresh-1-55e0';

  return {
    tokens: () => ({ accessToken: access.token, refreshToken: refresh }),
    /** The access token runs out now. */
    expire: () => {
      access = { ...access, until: now() };
    },

    check(header: string): void {
      if (header !== `Bearer ${access.token}` || access.until <= now()) throw unauthorized();
    },

    renew(form: URLSearchParams): unknown {
      only('the form', Object.fromEntries(form), [
        'grant_type',
        'refresh_token',
        'client_id',
        'client_secret',
      ]);
      if (form.get('grant_type') !== 'refresh_token') throw invalid('grant_type must be refresh_token');
      const isApp =
        form.get('client_id') === app.consumerKey && form.get('client_secret') === app.consumerSecret;
      if (!isApp || form.get('refresh_token') !== refresh) throw unauthorized();
      serial += 1;
      access = { token: `access-${serial}-a1`, until: now() + LIFE_SECONDS * 1000 };
      if (rotates) refresh = `refresh-${serial}-b2`;
      return {
        access_token: access.token,
        expires_in: LIFE_SECONDS,
        id_token: false,
        refresh_token: refresh,
        scope: 'write offline_access basic',
        token_type: 'bearer',
      };
    },
  };
}
