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
}
