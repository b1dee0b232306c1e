/** How a call shows that it may be made: signed (OAuth 1.0a), or with an access token that is renewed (OAuth 2). */
import type { Clock, Random } from '../../core/clock.ts';
import { SECOND } from '../../core/clock.ts';
import type { Http } from '../http.ts';
import { secretsRemover } from '../problem-text.ts';
import type { TokenVault } from '../token-vault.ts';
import { createTokens } from '../tokens.ts';
import { tumblrGrant } from './grant.ts';
import {
  type BearerCredentials,
  type SigningCredentials,
  TUMBLR_ORIGIN,
  type TumblrSettings,
} from './settings.ts';
import { authorization } from './signature.ts';

export interface Access {
  /** The value of the header `Authorization`. Throws TumblrFailure when the access cannot be renewed. */
  header(call: Signable): Promise<string>;
  /** True when there is another access than the refused one, so that the call may be made again. Throws TumblrFailure. */
  renew(refusedHeader: string): Promise<boolean>;
  /** Takes every secret out of a text. */
  clean(text: string): string;
}

interface Signable {
  readonly method: string;
  readonly pathAndQuery: string;
  readonly form?: Readonly<Record<string, string>>;
}

const NONCE_BYTES = 16;
/** Credentials and signatures as they could come back in an answer that echoes the request. */
const OAUTH_PARAMETER = /oauth_(?:signature|token|consumer_key|nonce)(?:=|%3D)"?[^",&\s]+"?/gi;
const BEARER = 'Bearer ';

export function createAccess(
  settings: TumblrSettings,
  ports: { readonly http: Http; readonly vault: TokenVault; readonly clock: Clock; readonly random: Random },
): Access {
  const { credentials } = settings;
  return 'tokenSecret' in credentials
    ? signed(credentials, ports)
    : borne({ ...settings, credentials }, ports);
}

function signed(
  credentials: SigningCredentials,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Access {
  return {
    header: async ({ method, pathAndQuery, form }) =>
      authorization(
        // Behind a proxy stands the real Tumblr, which checks the signature against its own address.
        { method, url: new URL(pathAndQuery, TUMBLR_ORIGIN), ...(form ? { form } : {}) },
        credentials,
        {
          nonce: Buffer.from(random.bytes(NONCE_BYTES)).toString('hex'),
          seconds: Math.floor(clock.now().getTime() / SECOND),
        },
      ),
    renew: async () => false,
    clean: secretsRemover(Object.values(credentials), OAUTH_PARAMETER),
  };
}

function borne(
  settings: TumblrSettings & { readonly credentials: BearerCredentials },
  { http, vault, clock }: { readonly http: Http; readonly vault: TokenVault; readonly clock: Clock },
): Access {
  const tokens = createTokens(tumblrGrant(settings), http, vault, clock);
  return {
    header: async () => BEARER + (await tokens.access()),
    renew: (refused) => tokens.renew(refused.slice(BEARER.length)),
    clean: tokens.clean,
  };
}
