import type { BudgetMemory } from '../rate-budget.ts';

/** What the configuration gives for Pinterest: the access of one owner, which can be renewed when the app is known. */
interface PinterestCredentials {
  readonly accessToken: string;
  /** With all three of these the access is renewed by itself; without, it runs out after 30 days. */
  readonly refreshToken?: string;
  readonly appId?: string;
  readonly appSecret?: string;
}

export interface PinterestSettings {
  readonly credentials: PinterestCredentials;
  /** The board of pins that name none. */
  readonly boardId?: string;
  /** Scheme, host and port of a proxy or a simulator; absent: https://api.pinterest.com. */
  readonly apiUrl?: string;
  /** What is left of the allowances of calls; absent: forgotten at the end of the process. */
  readonly budget?: BudgetMemory;
}

export const PINTEREST_ORIGIN = 'https://api.pinterest.com';
