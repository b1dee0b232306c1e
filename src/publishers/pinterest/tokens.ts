/**
 * The access to Pinterest and its renewal (https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/):
 * an access token lives 30 days, a refresh token 60, and each renewal may bring a new one. One renewal at a time; what it
 * brings is stored before it is used.
 */
import { createHash } from 'node:crypto';
import { type Clock, MINUTE, SECOND } from '../../core/clock.ts';
import { refusalOf } from '../failure.ts';
import { type Http, HttpFailure } from '../http.ts';
import { secretsRemover } from '../problem-text.ts';
import type { RenewedTokens, TokenVault } from '../token-vault.ts';
import { tokenPair } from './answers.ts';
import { PinterestFailure } from './failure.ts';
import { readProblem } from './problem.ts';
import { PINTEREST_ORIGIN, type PinterestSettings } from './settings.ts';

export interface Tokens {
  /** The access token to use now; renewed when it is known to have run out. Throws PinterestFailure. */
  access(): Promise<string>;
  /** True when there is another access token than the refused one. Throws PinterestFailure when it cannot be renewed. */
  renew(refused: string): Promise<boolean>;
  /** Takes every token and secret out of a text. */
  clean(text: string): string;
}

/** A token that runs out within this time is not relied on any more. */
const EXPIRY_MARGIN_MS = 5 * MINUTE;
const RENEWAL_MS = MINUTE;
/** Tokens as they could come back in an answer that echoes the request. */
const CREDENTIALS_IN_HEADER = /(?:Bearer|Basic)\s+[\w.~+/=-]+/gi;

type Pair = Pick<RenewedTokens, 'accessToken' | 'refreshToken' | 'expiresAt'>;

/** The call that needed the access has not left. */
function notRenewed(reason: string): PinterestFailure {
  return new PinterestFailure({ sent: false, reason: `the access could not be renewed: ${reason}` });
}

export function createTokens(
  settings: PinterestSettings,
  http: Http,
  vault: TokenVault,
  clock: Clock,
): Tokens {
  const { accessToken, refreshToken, appId, appSecret } = settings.credentials;
  const isRenewable = refreshToken !== undefined && appId !== undefined && appSecret !== undefined;
  const origin = createHash('sha256')
    .update(refreshToken ?? accessToken)
    .digest('hex');
  let current: Pair | undefined;
  let unsaved: Pair | undefined;
  let loading: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;

  const clean = (text: string): string => {
    const pairs = [current, unsaved].flatMap((each) => [each?.accessToken, each?.refreshToken]);
    const own = [accessToken, refreshToken, appSecret, ...pairs];
    return secretsRemover(
      own.filter((each) => each !== undefined),
      CREDENTIALS_IN_HEADER,
    )(text);
  };

  const load = async (): Promise<void> => {
    const saved = isRenewable ? await vault.load() : undefined;
    current =
      saved?.origin === origin
        ? saved
        : { accessToken, refreshToken: refreshToken ?? '', expiresAt: Number.POSITIVE_INFINITY };
  };

  const known = async () => {
    loading ??= load();
    await loading;
    return current ?? { accessToken, refreshToken: '', expiresAt: 0 };
  };

  const renewNow = async (): Promise<void> => {
    const old = await known();
    if (!unsaved) {
      const pair = await ask(old.refreshToken);
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
  };

  const ask = async (token: string) => {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token });
    const request = {
      method: 'POST',
      url: new URL('/v5/oauth/token', settings.apiUrl ?? PINTEREST_ORIGIN),
      headers: {
        authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: Buffer.from(form.toString()),
      once: true,
      deadlineMs: RENEWAL_MS,
    } as const;
    // Not to be broken off: whoever asked first may stop, the others wait for it, and half a renewal loses the access.
    const answer = await http.send(request, new AbortController().signal).catch((error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      throw notRenewed(error.reason);
    });
    const refusal = refusalOf(answer, {
      problem: (body) => readProblem(body, clean),
      limits: /^x-ratelimit-/,
    });
    // A refused refresh token is refused access, whatever the number.
    if (refusal?.status === 400 || refusal?.status === 401)
      throw new PinterestFailure({ ...refusal, status: 401 });
    if (refusal) throw notRenewed(refusal.reason ?? `HTTP ${refusal.status}`);
    const pair = tokenPair.safeParse(answer.body);
    if (pair.success) return pair.data;
    throw notRenewed('an answer without tokens');
  };

  const renewOnce = (): Promise<void> => {
    renewing ??= renewNow().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  return {
    clean,
    async access() {
      const { expiresAt } = await known();
      if (isRenewable && expiresAt - EXPIRY_MARGIN_MS <= clock.now().getTime()) await renewOnce();
      return (await known()).accessToken;
    },
    async renew(refused) {
      if (!isRenewable) return false;
      if ((await known()).accessToken === refused) await renewOnce();
      return true;
    },
  };
}
