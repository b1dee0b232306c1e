/**
 * What a failed call to Pinterest means: the only place where Pinterest's codes become our kinds of errors. Source of the
 * codes: https://developers.pinterest.com/docs/api/v5/ (each operation's answers). Read from parsed fields only.
 */
import type { ErrorCode } from '../../core/error-codes.ts';
import { CarillonError, failure } from '../../core/errors.ts';
import type { CallFacts } from '../failure.ts';
import { contextOf, effectOf, hintAfter, type Step, sentence } from '../wording.ts';
import type { PinterestFailure } from './failure.ts';
import { limited } from './limits.ts';
import type { PinterestProblem } from './problem.ts';

const RATE_LIMIT_CODES = [8];
const BOARD_CODES = [30, 40, 2031];
const PIN_CODES = [50];
/** There is no code for it; Pinterest's own sentence in the field `message` is all there is. */
const SPAM_MESSAGE = /\bspam\b/i;

const SEEN_ON_PINTEREST = 'Look at the board if in doubt.';

/** The error to throw for a call that failed in a step. */
export function translate(error: PinterestFailure, step: Step, now: Date): CarillonError {
  const { facts } = error;
  const make = maker(error, step);
  if (facts.status === undefined || facts.status < 400) return withoutAnswer(facts, step, make);
  const problem = facts.problem ?? NO_PROBLEM;
  if (facts.status === 429 || (facts.status < 500 && has(problem, RATE_LIMIT_CODES))) {
    return SPAM_MESSAGE.test(problem.sentence) ? takenForSpam(make) : limited(error, step, now);
  }
  // 408 is said by gateways in front of Pinterest, which do not know what Pinterest did.
  if (facts.status >= 500 || facts.status === 408) return withoutAnswer(facts, step, make);
  if (facts.status === 401) return problem.isRenewed ? renewed(error, step, now) : refusedCredentials(make);
  if (isPage(facts.status, problem)) return refusedInFront(facts.status, make);
  if (facts.status === 403) return forbidden(make);
  return refused(facts.status, problem, step, make);
}

/** True when it is not Pinterest that speaks. Of 413 the number says all. */
function isPage(status: number, { code }: PinterestProblem): boolean {
  return code === undefined && status !== 413;
}

/** A gateway or a wrong address: what was sent has not come through to Pinterest. */
function refusedInFront(status: number, make: Make): CarillonError {
  if (status !== 404) {
    return make(
      'PlatformUnavailable',
      'PLATFORM_UNAVAILABLE',
      `Something in front of Pinterest refuses (HTTP ${status}); nothing was published`,
      'It is tried again by itself, each time later. If it goes on, look at PINTEREST_API_URL and at proxies.',
    );
  }
  return make(
    'ConfigError',
    'CONFIG_INVALID',
    'There is no API of Pinterest at this address',
    'Check PINTEREST_API_URL, or unset it to use https://api.pinterest.com.',
  );
}

const NO_PROBLEM: PinterestProblem = { sentence: '' };

const has = ({ code }: PinterestProblem, among: readonly number[]): boolean =>
  code !== undefined && among.includes(code);

type Make = (
  kind: Parameters<typeof failure>[0],
  code: ErrorCode,
  message: string,
  hint: string,
) => CarillonError;

/** Every message ends with Pinterest's own sentence, so that a person can look it up. */
function maker(error: PinterestFailure, step: Step): Make {
  return (kind, code, message, hint) =>
    failure(kind, {
      code,
      message: sentence(message, error),
      hint: hintAfter(step, hint),
      cause: error,
      context: contextOf('pinterest', error, step),
    });
}

/** No answer, an unusable one, or one that says nothing about what was done. */
function withoutAnswer(
  facts: Pick<CallFacts<PinterestProblem>, 'sent'>,
  step: Step,
  make: Make,
): CarillonError {
  if (step === 'create' && facts.sent) {
    return make(
      'OutcomeUnknown',
      'OUTCOME_UNKNOWN',
      'Pinterest did not say whether it made the pin',
      `Nothing to do: it is looked up before anything is sent again. ${SEEN_ON_PINTEREST}`,
    );
  }
  const what = facts.sent ? 'Pinterest does not answer as it should' : 'Pinterest cannot be reached';
  return notNow(`${what}${effectOf(step, facts.sent)}`, make);
}

function notNow(message: string, make: Make): CarillonError {
  return make(
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    message,
    'It is tried again by itself, each time later.',
  );
}

/** The refused call proves that nothing was made; with the new access it may go out at once, as a new try. */
function renewed(error: PinterestFailure, step: Step, now: Date): CarillonError {
  const details = {
    code: 'AUTH_EXPIRED',
    message: sentence(
      'The access to Pinterest had run out and was renewed; nothing was published yet',
      error,
    ),
    hint: 'Nothing to do: it goes on at once.',
    cause: error,
    context: contextOf('pinterest', error, step),
  } as const;
  return new CarillonError('AuthExpired', details, { do: 'at', at: now });
}

function refusedCredentials(make: Make): CarillonError {
  return make(
    'AuthRevoked',
    'AUTH_REVOKED',
    'Pinterest refuses the access: it has run out, or was withdrawn',
    'Make a new token and set PINTEREST_ACCESS_TOKEN; with PINTEREST_REFRESH_TOKEN, PINTEREST_APP_ID and PINTEREST_APP_SECRET it is renewed by itself from then on.',
  );
}

function takenForSpam(make: Make): CarillonError {
  return make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'Pinterest takes the pins of this account for spam',
    'Log in on pinterest.com, do what it asks there, and pin more slowly; then /retry.',
  );
}

function forbidden(make: Make): CarillonError {
  return make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'Pinterest does not permit it',
    'Make the token again with the scopes boards:read, boards:write, pins:read, pins:write and user_accounts:read, and see whether the app and the account are in order.',
  );
}

function refused(status: number, problem: PinterestProblem, step: Step, make: Make): CarillonError {
  if (status === 409 && step === 'create') return withoutAnswer({ sent: true }, step, make);
  if (status === 409) return notNow('Pinterest is busy with the same thing; nothing was published', make);
  if (has(problem, BOARD_CODES) || (status === 404 && step === 'create')) {
    return make(
      'ContentRejected',
      'CONTENT_REJECTED',
      'Pinterest knows no such board, or it is not yours',
      'Name another board with /edit board:NAME, or set PINTEREST_BOARD_ID; then /retry.',
    );
  }
  if (status === 413 || (status === 400 && step === 'media')) {
    return make(
      'MediaRejected',
      'MEDIA_REJECTED',
      'Pinterest refused the media',
      'Attach another file with /edit, then /retry.',
    );
  }
  if (step === 'create') {
    return make(
      'ContentRejected',
      'CONTENT_REJECTED',
      'Pinterest refused the pin',
      'Change the words, the link or the picture with /edit, then /retry.',
    );
  }
  if (has(problem, PIN_CODES) || status === 404) {
    return make(
      'ConfigError',
      'CONFIG_INVALID',
      'Pinterest knows no such thing',
      'Check PINTEREST_API_URL and PINTEREST_BOARD_ID.',
    );
  }
  return notNow('Pinterest refuses to answer', make);
}

/** True when Pinterest's own word is that there is no such pin. */
export function isGone({ facts }: PinterestFailure): boolean {
  const problem = facts.problem ?? NO_PROBLEM;
  return problem.code !== undefined && (facts.status === 404 || has(problem, PIN_CODES));
}
