/**
 * An access token and its renewal (OAuth 2, RFC 6749, 6): it lives for a while, a refresh token longer, and each renewal may
 * bring a new one. One renewal at a time; what it brings is stored before it is used.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Clock, MINUTE, SECOND } from '../core/clock.ts';
import { type CallFacts, type CallFailure, refusalOf, type Said } from './failure.ts';
import { type Http, HttpFailure, type HttpRequest } from './http.ts';
import { secretsRemover } from './problem-text.ts';
import type { RenewedTokens, TokenVault } from './token-vault.ts';

export interface Tokens {
  /** The access token to use now; renewed when it is known to have run out. Throws the network's failure. */
  access(): Promise<string>;
  /** True when there is another access token than the refused one. Throws the network's failure when it cannot be renewed. */
  renew(refused: string): Promise<boolean>;
  /** Takes every token and secret out of a text. */
  clean(text: string): string;
}

export interface Renewal {
  readonly refreshToken: string;
  /** The call that brings new tokens for a refresh token. */
  request(refreshToken: string): Pick<HttpRequest, 'url' | 'headers'> & {
    readonly form: Readonly<Record<string, string>>;
  };
}

/** What differs between networks. */
export interface TokenGrant<Problem extends Said> {
  readonly accessToken: string;
  /** Absent: the access token cannot be renewed. */
  readonly renewal?: Renewal;
  /** Beside the tokens: what must never be shown. */
  readonly secrets: ReadonlyArray<string | undefined>;
  problem(body: unknown, clean: (text: string) => string): Problem;
  failure(facts: CallFacts<Problem>): CallFailure<Problem>;
}

/** A token that runs out within this time is not relied on any more. */
const EXPIRY_MARGIN_MS = 5 * MINUTE;
const RENEWAL_MS = MINUTE;
/** New access that is refused within this time is refused for another reason: renewing it again would go on for ever. */
const NEW_MS = MINUTE;
/** Tokens as they could come back in an answer that echoes the request. */
const CREDENTIALS_IN_HEADER = /(?:Bearer|Basic)\s+[\w.~+/=-]+/gi;

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.1 */
const tokenPair = z.object({
  access_token: z.string().min(1),
  /** Absent: the old one stays good. */
  refresh_token: z.string().min(1).nullish(),
  /** Seconds. */
  expires_in: z.number(),
});

type Pair = Pick<RenewedTokens, 'accessToken' | 'refreshToken' | 'expiresAt'>;

export function createTokens<Problem extends Said>(
  grant: TokenGrant<Problem>,
  http: Http,
  vault: TokenVault,
  clock: Clock,
): Tokens {
  const { accessToken, renewal } = grant;
  const configured: Pair = {
    accessToken,
    refreshToken: renewal?.refreshToken ?? '',
    expiresAt: Number.POSITIVE_INFINITY,
  };
  const origin = createHash('sha256')
    .update(renewal?.refreshToken ?? accessToken)
    .digest('hex');
  let current: Pair | undefined;
  let unsaved: Pair | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;

  /** The call that needed the access has not left. */
  const notRenewed = (reason: string): CallFailure<Problem> =>
    grant.failure({ sent: false, reason: `the access could not be renewed: ${reason}` });

  const clean = (text: string): string => {
    const tokens = [configured, current, unsaved].flatMap((each) => [each?.accessToken, each?.refreshToken]);
    const known = [...grant.secrets, ...tokens].filter((each) => each !== undefined);
    return secretsRemover(known, CREDENTIALS_IN_HEADER)(text);
  };

  const load = async (): Promise<void> => {
    const saved = renewal && (await vault.load());
    current = saved?.origin === origin ? saved : configured;
  };

  const known = async (): Promise<Pair> => {
    loading ??= load();
    await loading;
    return current ?? configured;
  };

  const ask = async (request: HttpRequest): Promise<z.infer<typeof tokenPair>> => {
    // Not to be broken off: whoever asked first may stop, the others wait for it, and half a renewal loses the access.
    const answer = await http.send(request, new AbortController().signal).catch((error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      throw notRenewed(error.reason);
    });
    const refusal = refusalOf(answer, {
      problem: (body) => grant.problem(body, clean),
      limits: /^x-ratelimit-/,
    });
    // A refused refresh token is refused access, whatever the number.
    if (refusal?.status === 400 || refusal?.status === 401) throw grant.failure({ ...refusal, status: 401 });
    if (refusal) throw notRenewed(refusal.reason ?? `HTTP ${refusal.status}`);
    const pair = tokenPair.safeParse(answer.body);
    if (pair.success) return pair.data;
    throw notRenewed('an answer without tokens');
  };

  const renewNow = async (by: Renewal): Promise<void> => {
    const old = await known();
    if (!unsaved) {
      const { url, headers, form } = by.request(old.refreshToken);
      const pair = await ask({
        method: 'POST',
        url,
        headers: {
          ...headers,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: Buffer.from(new URLSearchParams(form).toString()),
        once: true,
        deadlineMs: RENEWAL_MS,
      });
      unsaved = {
        accessToken: pair.access_token,
        refreshToken: pair.refresh_token ?? old.refreshToken,
        expiresAt: clock.now().getTime() + pair.expires_in * SECOND,
      };
    }
    // Before it is used: the old pair may be worthless from now on. What could not be stored is tried again the next time.
    await vault.save({ ...unsaved, origin }).catch((cause: unknown) => {
      const reason = (cause as NodeJS.ErrnoException).code ?? 'an unforeseen fault';
      throw notRenewed(`the new tokens could not be stored (${reason})`);
    });
    current = unsaved;
    unsaved = undefined;
    renewedAt = clock.now().getTime();
  };

  const renewOnce = (by: Renewal): Promise<void> => {
    renewing ??= renewNow(by).finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  return {
    clean,
    async access() {
      const { expiresAt } = await known();
      if (renewal && expiresAt - EXPIRY_MARGIN_MS <= clock.now().getTime()) await renewOnce(renewal);
      return (await known()).accessToken;
    },
    async renew(refused) {
      if (!renewal) return false;
      if ((await known()).accessToken !== refused) return true;
      if (clock.now().getTime() - renewedAt < NEW_MS) return false;
      await renewOnce(renewal);
      return true;
    },
  };
}
