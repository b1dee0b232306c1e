/** A port: where tokens that a network renews are kept, so that a restart does not begin with tokens that have run out. */

export interface RenewedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token runs out; milliseconds since 1970. */
  readonly expiresAt: number;
  /** Tells which configured token these come from: others in the configuration make them worthless. Not a secret. */
  readonly origin: string;
}

export interface TokenVault {
  /** What was saved last; undefined when there is nothing, or nothing that can be read. */
  load(): Promise<RenewedTokens | undefined>;
  /** Resolves when the tokens are safe: only then may they be used, since the old ones may be worthless by now. */
  save(tokens: RenewedTokens): Promise<void>;
}
