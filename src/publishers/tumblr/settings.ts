import type { BudgetMemory } from '../rate-budget.ts';

/** What the configuration gives for Tumblr: credentials of one person, of either kind, and the blogs that are posted to. */

/** OAuth 1.0a: they do not expire until they are revoked. */
export interface SigningCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: string;
  readonly tokenSecret: string;
}

/** OAuth 2: an access token of 42 minutes. */
export interface BearerCredentials {
  readonly accessToken: string;
  /** With all three of these the access is renewed by itself; without, it just runs out. */
  readonly refreshToken?: string;
  readonly consumerKey?: string;
  readonly consumerSecret?: string;
}

export interface TumblrSettings {
  readonly credentials: SigningCredentials | BearerCredentials;
  /** Of each its name, host name, address or unique identifier (`t:…`). */
  readonly blogs: readonly string[];
  /** Scheme, host and port of a proxy or a simulator; absent: https://api.tumblr.com. */
  readonly apiUrl?: string;
  /** What is left of the allowances of calls; absent: forgotten at the end of the process. */
  readonly budget?: BudgetMemory;
}

export const TUMBLR_ORIGIN = 'https://api.tumblr.com';

/** Needed, and always the same: https://github.com/tumblr/docs/blob/master/api.md#request-user-agent */
export const USER_AGENT = 'Carillon';
