/**
 * How the access to Pinterest is renewed: an access token lives 30 days, a refresh token 60
 * (https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/).
 */
import { renewalWith } from '../renewal.ts';
import type { TokenGrant } from '../tokens.ts';
import { PinterestFailure } from './failure.ts';
import { type PinterestProblem, readProblem } from './problem.ts';
import { PINTEREST_ORIGIN, type PinterestSettings } from './settings.ts';

export function pinterestGrant({ credentials, apiUrl }: PinterestSettings): TokenGrant<PinterestProblem> {
  const { accessToken, refreshToken, appId, appSecret } = credentials;
  return {
    accessToken,
    ...renewalWith({ refreshToken, appId, appSecret }, (keys) => ({
      url: new URL('/v5/oauth/token', apiUrl ?? PINTEREST_ORIGIN),
      headers: {
        authorization: `Basic ${Buffer.from(`${keys.appId}:${keys.appSecret}`).toString('base64')}`,
      },
      form: { grant_type: 'refresh_token', refresh_token: keys.refreshToken },
    })),
    secrets: [refreshToken, appSecret],
    problem: readProblem,
    failure: (facts) => new PinterestFailure(facts),
  };
}
