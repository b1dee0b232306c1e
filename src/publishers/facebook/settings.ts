import type { BudgetMemory } from '../rate-budget.ts';

/** What the configuration gives for Facebook: one page, with a token that has no date of expiry. */
export interface FacebookSettings {
  readonly credentials: {
    readonly pageId: string;
    readonly pageToken: string;
  };
  /** The app that the token belongs to: needed for feed videos only, and asked from Facebook when it is not given. */
  readonly appId?: string;
  /** Scheme, host and port of a proxy or a simulator; absent: https://graph.facebook.com. */
  readonly apiUrl?: string;
  /** The same for the host that takes the bytes of reels; absent: https://rupload.facebook.com. */
  readonly uploadUrl?: string;
  /** What is left of the allowances of calls; absent: forgotten at the end of the process. */
  readonly budget?: BudgetMemory;
}
