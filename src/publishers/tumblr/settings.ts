import type { BudgetMemory } from '../rate-budget.ts';

/** What the configuration gives for Tumblr: credentials of one owner (OAuth 1.0a), which do not expire until they are revoked. */
interface TumblrCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: string;
  readonly tokenSecret: string;
}

export interface TumblrSettings {
  readonly credentials: TumblrCredentials;
  /** Name, host name, address or unique identifier (`t:…`) of the blog that is posted to. */
  readonly blog: string;
  /** Scheme, host and port of a proxy or a simulator; absent: https://api.tumblr.com. */
  readonly apiUrl?: string;
  /** What is left of the allowances of calls; absent: forgotten at the end of the process. */
  readonly budget?: BudgetMemory;
}
