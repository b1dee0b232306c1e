/** Whether access can be renewed: with a refresh token and the app that it was given to, never with a part of these. */
import type { Renewal } from './tokens.ts';

/** What the configuration gives for it, as far as it does. */
export interface RenewalKeys {
  readonly refreshToken: string | undefined;
  readonly appId: string | undefined;
  readonly appSecret: string | undefined;
}

/** The part of a grant that renews it; nothing when a key is missing. @param request the network's call, with the keys in it */
export function renewalWith(
  { refreshToken, appId, appSecret }: RenewalKeys,
  request: (keys: Readonly<Record<keyof RenewalKeys, string>>) => ReturnType<Renewal['request']>,
): { readonly renewal?: Renewal } {
  if (refreshToken === undefined || appId === undefined || appSecret === undefined) return {};
  return {
    renewal: { refreshToken, request: (newest) => request({ refreshToken: newest, appId, appSecret }) },
  };
}
