import type { BudgetMemory } from '../rate-budget.ts';

/** What the configuration gives for Instagram: one professional account, with a token of either kind of login. */
export interface InstagramSettings {
  readonly credentials: {
    readonly userId: string;
    readonly accessToken: string;
  };
  /** Scheme, host and port of a proxy or a simulator; absent: the host of the token's login. */
  readonly apiUrl?: string;
  /** The same for the host that takes the bytes of videos; absent: https://rupload.facebook.com. */
  readonly uploadUrl?: string;
  /** What is left of the allowances of calls; absent: forgotten at the end of the process. */
  readonly budget?: BudgetMemory;
}

/**
 * An address from which Instagram can fetch these bytes for a while. It takes pictures by address only. The bytes are in the
 * store of media, by their hash.
 */
export type MediaLinks = (sha256: string, mime: string) => string | undefined;

/** https://developers.facebook.com/docs/instagram-platform/overview: two logins, each with a host and rights of its own. */
export type Login = 'facebook' | 'instagram';

export const HOST: Readonly<Record<Login, string>> = {
  facebook: 'https://graph.facebook.com',
  instagram: 'https://graph.instagram.com',
};

/** The right that the metrics of a medium need. */
export const INSIGHTS_RIGHT: Readonly<Record<Login, string>> = {
  facebook: 'instagram_manage_insights',
  instagram: 'instagram_business_manage_insights',
};

/** Tokens of Facebook begin with EA, those of Instagram with IG. */
export function loginOf(accessToken: string): Login {
  return accessToken.startsWith('EA') ? 'facebook' : 'instagram';
}
