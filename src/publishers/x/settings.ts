import type { BudgetMemory } from '../rate-budget.ts';

/** What the configuration gives for X: credentials of one owner (OAuth 1.0a), which do not expire until they are revoked. */
interface XCredentials {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly accessToken: string;
  readonly accessSecret: string;
}

export interface XSettings {
  readonly credentials: XCredentials;
  /** Scheme, host and port of a proxy or a simulator; absent: https://api.x.com. */
  readonly apiUrl?: string;
  /** What is left of the allowances of calls; absent: forgotten at the end of the process. */
  readonly budget?: BudgetMemory;
}

export const X_ORIGIN = 'https://api.x.com';
