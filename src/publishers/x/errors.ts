/**
 * What a failed call to X means: the only place where X's codes become our kinds of errors. Source of the codes:
 * https://docs.x.com/x-api/fundamentals/response-codes-and-errors. Read from parsed fields only.
 */
import type { CarillonError } from '../../core/errors.ts';
import { type Refusals, refusalsOf } from '../refusals.ts';
import type { Step } from '../wording.ts';
import type { XFailure } from './failure.ts';
import { dayIsSpent, limited } from './limits.ts';
import type { XProblem } from './problem.ts';
import { X_ORIGIN } from './settings.ts';

// Codes of the older error form that still occur: https://docs.x.com/x-api/fundamentals/error-handling
const RATE_LIMIT_CODES = [88];
const DAILY_LIMIT_CODES = [185];
const AUTH_CODES = [32, 89, 99, 135, 215];
const BLOCKED_CODES = [64, 226, 326];
const DUPLICATE_CODES = [187];
const MEDIA_CODES = [323, 324, 325, 386];

/** There is no code for it in v2; X's own sentence in the field `detail` is all there is. */
const DUPLICATE_DETAIL = /\bduplicate content\b/i;
/** 403 stands for missing rights and for refused content; X tells them apart by the field `detail` only. */
const MEDIA_DETAIL =
  /\b(video|media|image|gif)\b.*\b(too long|too large|invalid|not (?:valid|supported)|longer than)\b/i;
const CONTENT_DETAIL = /\b(invalid url|url .* invalid|cashtags?|too long|malware|harmful link)\b/i;

/** Said of a reply, which the second and later parts of a thread are. */
const UNANSWERABLE_CODES = [385, 433];
const UNANSWERABLE_DETAIL =
  /\breply to (?:a (?:tweet|post) that is deleted|this conversation is not allowed)\b/i;

const VOICE = {
  network: 'x',
  label: 'X',
  origin: X_ORIGIN,
  created: 'published the post',
  seen: 'Look at the account on x.com if in doubt.',
};

/** The error to throw for a call that failed in a step. */
export function translate(error: XFailure, step: Step, now: Date): CarillonError {
  const { facts } = error;
  const told = refusalsOf(VOICE, error, step);
  if (facts.status === undefined || facts.status < 400) return told.withoutAnswer();
  const problem = facts.problem ?? NO_PROBLEM;
  if (facts.status === 429 || has(problem, RATE_LIMIT_CODES)) return limited(error, step, now);
  if (has(problem, DAILY_LIMIT_CODES)) return dayIsSpent(error, step, now);
  // 408 is said by gateways in front of X, which do not know what X did.
  if (facts.status >= 500 || facts.status === 408) return told.withoutAnswer();
  if (facts.status === 402) return wantsPayment(told);
  if (facts.status === 401 || has(problem, AUTH_CODES)) return refusedCredentials(problem, told);
  if (isPage(facts.status, problem)) return told.refusedInFront(facts.status);
  if (isDuplicate(facts.status, problem)) return duplicate(told);
  if (facts.status === 403) return forbidden(problem, step, told);
  return refused(facts.status, problem, step, told);
}

function isDuplicate(status: number, problem: XProblem): boolean {
  return has(problem, DUPLICATE_CODES) || (status === 403 && DUPLICATE_DETAIL.test(problem.detail ?? ''));
}

/** True when it is not X that speaks: it names at least a title. Of 413 and 431 the number says all. */
function isPage(status: number, { title, detail, type, codes, parameters }: XProblem): boolean {
  const said = [title, detail, type, ...codes, ...parameters].filter((each) => each !== undefined);
  return said.length === 0 && status !== 413 && status !== 431;
}

const NO_PROBLEM: XProblem = { codes: [], parameters: [], sentence: '' };

const has = ({ codes }: XProblem, among: readonly number[]): boolean =>
  codes.some((code) => among.includes(code));

function wantsPayment(told: Refusals): CarillonError {
  return told.make(
    'BillingRequired',
    'BILLING_REQUIRED',
    'X wants payment for its API',
    'Add credits or raise the spending cap in the developer console of X (https://console.x.com), then /retry.',
  );
}

function refusedCredentials(problem: XProblem, told: Refusals): CarillonError {
  if (problem.type === 'unsupported-authentication') return wrongKindOfToken(told);
  return told.make(
    'AuthRevoked',
    'AUTH_REVOKED',
    'X refuses the credentials',
    'Make new keys and tokens in the developer console of X and set X_API_KEY, X_API_SECRET, X_ACCESS_TOKEN and X_ACCESS_SECRET. A clock that is minutes wrong has the same effect.',
  );
}

function wrongKindOfToken(told: Refusals): CarillonError {
  return told.make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'X does not take this kind of credentials for it',
    'Use the OAuth 1.0a user token and secret of the account, not an app-only token.',
  );
}

/** Which post it was that had these words is looked up before anything is decided. */
function duplicate(told: Refusals): CarillonError {
  return told.make(
    'OutcomeUnknown',
    'DUPLICATE_REFUSED',
    'X says that these words were published already',
    'It is looked up whether that was this post. If not, change the words and /retry.',
  );
}

function forbidden(problem: XProblem, step: Step, told: Refusals): CarillonError {
  const detail = problem.detail ?? '';
  if (has(problem, BLOCKED_CODES)) {
    return told.make(
      'PermissionMissing',
      'PERMISSION_MISSING',
      'X has blocked the account or takes its posts for automated spam',
      'Log in on x.com, do what it asks there, and post more slowly; then /retry.',
    );
  }
  if (problem.type === 'unsupported-authentication') return wrongKindOfToken(told);
  if (has(problem, MEDIA_CODES) || MEDIA_DETAIL.test(detail)) return told.refusedMedia();
  if (has(problem, UNANSWERABLE_CODES) || UNANSWERABLE_DETAIL.test(detail)) return unanswerable(told);
  if (problem.type === 'invalid-request' || CONTENT_DETAIL.test(detail)) return refusedWords(told);
  const right = step === 'media' ? ' (with OAuth 2: the scope media.write)' : '';
  return told.make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'X does not permit it',
    `Give the app “Read and write” in the developer console of X${right}, make the access token anew after that, and restart; then /retry.`,
  );
}

function refused(status: number, problem: XProblem, step: Step, told: Refusals): CarillonError {
  if (status === 409 && step === 'create') return told.withoutAnswer();
  const aboutMedia = problem.parameters.some((name) => name.startsWith('media')) || has(problem, MEDIA_CODES);
  if (step === 'media' || (step === 'create' && aboutMedia)) return told.refusedMedia();
  if (step === 'create') return refusedWords(told);
  if (status === 404) {
    return told.make(
      'ConfigError',
      'CONFIG_INVALID',
      'X knows no such thing',
      'Check X_API_URL and whether the account still exists.',
    );
  }
  return told.notNow('X refuses to answer');
}

function refusedWords(told: Refusals): CarillonError {
  return told.make(
    'ContentRejected',
    'CONTENT_REJECTED',
    'X refused the post',
    'Change the words with /edit, then /retry.',
  );
}

function unanswerable(told: Refusals): CarillonError {
  return told.make(
    'ContentRejected',
    'CONTENT_REJECTED',
    'X does not let the part before be answered; it may be gone',
    'Look at the thread on x.com: post the rest as a post of its own, or give it up.',
  );
}
