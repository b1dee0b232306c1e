/** Access tokens that run out and are renewed; a refresh token is good once, and the scopes are those that were granted. */
import { Refusal } from '../refusal.ts';
import { expired, refusal } from './refusal.ts';

export interface AccessOptions {
  /** Life of an access token in seconds. */
  lifeSeconds: number;
  scopes: readonly string[];
  /** False: a renewal brings no new refresh token, and the old one stays good. */
  rotates: boolean;
}

export const APP = { id: '1479', secret: 'app-secret-5!2' };

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'GET user_account': ['user_accounts:read'],
  'GET boards': ['boards:read'],
  'GET boards/:id/pins': ['boards:read', 'pins:read'],
  'POST pins': ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
  'DELETE pins/:id': ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
  'GET pins/:id/analytics': ['boards:read', 'pins:read'],
  'POST media': ['pins:read', 'pins:write'],
  'GET media/:id': ['pins:read'],
};

export function createAccess(now: () => number, options: AccessOptions) {
  let serial = 1;
  let access = { token: 'pina_first_7be2', until: now() + options.lifeSeconds * 1000 };
  let refresh = 'pinr_first_55e0';
  let isRevoked = false;

  return {
    tokens: () => ({ accessToken: access.token, refreshToken: refresh }),
    /** The access token runs out now. */
    expire: () => {
      access = { ...access, until: now() };
    },
    /** Neither token is good any more. */
    revoke: () => {
      isRevoked = true;
    },
    restore: () => {
      isRevoked = false;
      access = { ...access, until: now() + options.lifeSeconds * 1000 };
    },

    check(route: string, header: string | undefined): void {
      if (isRevoked || header !== `Bearer ${access.token}` || access.until <= now()) throw expired();
      const missing = (NEEDED[route] ?? []).filter((scope) => !options.scopes.includes(scope));
      if (missing.length > 0) throw refusal(403, 3, `The token lacks ${missing.join(', ')}.`);
    },

    renew(header: string | undefined, form: URLSearchParams): unknown {
      const basic = `Basic ${Buffer.from(`${APP.id}:${APP.secret}`).toString('base64')}`;
      if (header !== basic) throw refusal(401, 2, 'Authentication failed.');
      if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== refresh || isRevoked)
        throw new Refusal(400, { code: 283, message: 'Invalid refresh token.' });
      serial += 1;
      access = { token: `pina_${serial}_a1`, until: now() + options.lifeSeconds * 1000 };
      if (options.rotates) refresh = `pinr_${serial}_b2`;
      return {
        response_type: 'refresh_token',
        access_token: access.token,
        token_type: 'bearer',
        expires_in: options.lifeSeconds,
        scope: options.scopes.join(' '),
        ...(options.rotates ? { refresh_token: refresh, refresh_token_expires_in: 5_184_000 } : {}),
      };
    },
  };
}
