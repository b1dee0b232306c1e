/**
 * How the access to Tumblr is renewed: an access token lives 42 minutes
 * (https://github.com/tumblr/docs/blob/master/api.md#v2oauth2token---refresh-token-grant-request).
 */
import { renewalWith } from '../renewal.ts';
import type { TokenGrant } from '../tokens.ts';
import { TumblrFailure } from './failure.ts';
import { readProblem, type TumblrProblem } from './problem.ts';
import { type BearerCredentials, TUMBLR_ORIGIN, type TumblrSettings, USER_AGENT } from './settings.ts';

export function tumblrGrant({
  credentials,
  apiUrl,
}: TumblrSettings & { readonly credentials: BearerCredentials }): TokenGrant<TumblrProblem> {
  const { accessToken, refreshToken, consumerKey, consumerSecret } = credentials;
  return {
    accessToken,
    ...renewalWith({ refreshToken, appId: consumerKey, appSecret: consumerSecret }, (keys) => ({
      url: new URL('/v2/oauth2/token', apiUrl ?? TUMBLR_ORIGIN),
      headers: { 'user-agent': USER_AGENT },
      form: {
        grant_type: 'refresh_token',
        refresh_token: keys.refreshToken,
        client_id: keys.appId,
        client_secret: keys.appSecret,
      },
    })),
    secrets: [refreshToken, consumerKey, consumerSecret],
    problem: readProblem,
    failure: (facts) => new TumblrFailure(facts),
  };
}
