/**
 * What a failed call to Pinterest means: the only place where Pinterest's codes become our kinds of errors. Source of the
 * codes: https://developers.pinterest.com/docs/api/v5/ (each operation's answers). Read from parsed fields only.
 */
import type { CarillonError } from '../../core/errors.ts';
import { type Refusals, refusalsOf } from '../refusals.ts';
import type { Step } from '../wording.ts';
import type { PinterestFailure } from './failure.ts';
import { limited } from './limits.ts';
import type { PinterestProblem } from './problem.ts';
import { PINTEREST_ORIGIN } from './settings.ts';

const RATE_LIMIT_CODES = [8];
const BOARD_CODES = [30, 40, 2031];
const PIN_CODES = [50];
/** There is no code for it; Pinterest's own sentence in the field `message` is all there is. */
const SPAM_MESSAGE = /\bspam\b/i;

const VOICE = {
  network: 'pinterest',
  label: 'Pinterest',
  origin: PINTEREST_ORIGIN,
  created: 'made the pin',
  seen: 'Look at the board if in doubt.',
};

/** The error to throw for a call that failed in a step. */
export function translate(error: PinterestFailure, step: Step, now: Date): CarillonError {
  const { facts } = error;
  const told = refusalsOf(VOICE, error, step);
  if (facts.status === undefined || facts.status < 400) return told.withoutAnswer();
  const problem = facts.problem ?? NO_PROBLEM;
  if (facts.status === 429 || (facts.status < 500 && has(problem, RATE_LIMIT_CODES))) {
    return SPAM_MESSAGE.test(problem.sentence) ? takenForSpam(told) : limited(error, step, now);
  }
  // 408 is said by gateways in front of Pinterest, which do not know what Pinterest did.
  if (facts.status >= 500 || facts.status === 408) return told.withoutAnswer();
  if (facts.status === 401) return problem.isRenewed ? told.renewed(now) : refusedCredentials(told);
  if (isPage(facts.status, problem)) return told.refusedInFront(facts.status);
  if (facts.status === 403) return forbidden(told);
  return refused(facts.status, problem, step, told);
}

/** True when it is not Pinterest that speaks. Of 413 the number says all. */
function isPage(status: number, { code }: PinterestProblem): boolean {
  return code === undefined && status !== 413;
}

const NO_PROBLEM: PinterestProblem = { sentence: '' };

const has = ({ code }: PinterestProblem, among: readonly number[]): boolean =>
  code !== undefined && among.includes(code);

function refusedCredentials(told: Refusals): CarillonError {
  return told.make(
    'AuthRevoked',
    'AUTH_REVOKED',
    'Pinterest refuses the access: it has run out, or was withdrawn',
    'Make a new token and set PINTEREST_ACCESS_TOKEN; with PINTEREST_REFRESH_TOKEN, PINTEREST_APP_ID and PINTEREST_APP_SECRET it is renewed by itself from then on.',
  );
}

function takenForSpam(told: Refusals): CarillonError {
  return told.make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'Pinterest takes the pins of this account for spam',
    'Log in on pinterest.com, do what it asks there, and pin more slowly; then /retry.',
  );
}

function forbidden(told: Refusals): CarillonError {
  return told.make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'Pinterest does not permit it',
    'Make the token again with the scopes boards:read, boards:write, pins:read, pins:write and user_accounts:read, and see whether the app and the account are in order.',
  );
}

function refused(status: number, problem: PinterestProblem, step: Step, told: Refusals): CarillonError {
  if (status === 409 && step === 'create') return told.withoutAnswer();
  if (status === 409) return told.notNow('Pinterest is busy with the same thing; nothing was published');
  if (has(problem, BOARD_CODES) || (status === 404 && step === 'create')) {
    return told.make(
      'ContentRejected',
      'CONTENT_REJECTED',
      'Pinterest knows no such board, or it is not yours',
      'Name another board with /edit board:NAME, or set PINTEREST_BOARD_ID; then /retry.',
    );
  }
  if (status === 413 || (status === 400 && step === 'media')) {
    return told.refusedMedia();
  }
  if (step === 'create') {
    return told.make(
      'ContentRejected',
      'CONTENT_REJECTED',
      'Pinterest refused the pin',
      'Change the words, the link or the picture with /edit, then /retry.',
    );
  }
  if (has(problem, PIN_CODES) || status === 404) {
    return told.make(
      'ConfigError',
      'CONFIG_INVALID',
      'Pinterest knows no such thing',
      'Check PINTEREST_API_URL and PINTEREST_BOARD_ID.',
    );
  }
  return told.notNow('Pinterest refuses to answer');
}

/** True when Pinterest's own word is that there is no such pin. */
export function isGone({ facts }: PinterestFailure): boolean {
  const problem = facts.problem ?? NO_PROBLEM;
  return problem.code !== undefined && (facts.status === 404 || has(problem, PIN_CODES));
}
