/**
 * What a failed call to X means: the only place where X's codes become our kinds of errors. Source of the codes:
 * https://docs.x.com/x-api/fundamentals/response-codes-and-errors. Read from parsed fields only.
 */
import type { ErrorCode } from '../../core/error-codes.ts';
import { type CarillonError, failure } from '../../core/errors.ts';
import { effectOf, hintAfter } from '../wording.ts';
import type { XFailure, XFailureFacts } from './failure.ts';
import { dayIsSpent, limited } from './limits.ts';
import type { XProblem } from './problem.ts';
import { contextOf, sentence, type XStep } from './wording.ts';

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

const SEEN_ON_X = 'Look at the account on x.com if in doubt.';

/** The error to throw for a call that failed in a step. */
export function translate(error: XFailure, step: XStep, now: Date): CarillonError {
  const { facts } = error;
  const make = maker(error, step);
  if (facts.status === undefined || facts.status < 400) return withoutAnswer(facts, step, make);
  const problem = facts.problem ?? NO_PROBLEM;
  if (facts.status === 429 || has(problem, RATE_LIMIT_CODES)) return limited(error, step, now);
  if (has(problem, DAILY_LIMIT_CODES)) return dayIsSpent(error, step, now);
  // 408 is said by gateways in front of X, which do not know what X did.
  if (facts.status >= 500 || facts.status === 408) return withoutAnswer(facts, step, make);
  if (facts.status === 402) {
    return make(
      'BillingRequired',
      'BILLING_REQUIRED',
      'X wants payment for its API',
      'Add credits or raise the spending cap in the developer console of X (https://console.x.com), then /retry.',
    );
  }
  if (facts.status === 401 || has(problem, AUTH_CODES)) return refusedCredentials(problem, make);
  if (isPage(facts.status, problem)) return refusedInFront(facts.status, make);
  if (isDuplicate(facts.status, problem)) {
    return make(
      'OutcomeUnknown',
      'DUPLICATE_REFUSED',
      'X says that these words were published already',
      'It is looked up whether that was this post. If not, change the words and /retry.',
    );
  }
  if (facts.status === 403) return forbidden(problem, step, make);
  return refused(facts.status, problem, step, make);
}

function isDuplicate(status: number | undefined, { codes, detail }: XProblem): boolean {
  if (codes.some((code) => DUPLICATE_CODES.includes(code))) return true;
  return status === 403 && detail !== undefined && DUPLICATE_DETAIL.test(detail);
}

/** True when it is not X that speaks: it names at least a title. Of 413 and 431 the number says all. */
function isPage(status: number, { title, detail, type, codes, parameters }: XProblem): boolean {
  const said = [title, detail, type, ...codes, ...parameters].filter((each) => each !== undefined);
  return said.length === 0 && status !== 413 && status !== 431;
}

/** A gateway or a wrong address: what was sent has not come through to X. */
function refusedInFront(status: number, make: Make): CarillonError {
  if (status !== 404) {
    return make(
      'PlatformUnavailable',
      'PLATFORM_UNAVAILABLE',
      `Something in front of X refuses (HTTP ${status}); nothing was published`,
      'It is tried again by itself, each time later. If it goes on, look at X_API_URL and at proxies.',
    );
  }
  return make(
    'ConfigError',
    'CONFIG_INVALID',
    'There is no API of X at this address',
    'Check X_API_URL, or unset it to use https://api.x.com.',
  );
}

const NO_PROBLEM: XProblem = { codes: [], parameters: [], sentence: '' };

const has = ({ codes }: XProblem, among: readonly number[]): boolean =>
  codes.some((code) => among.includes(code));

type Make = (
  kind: Parameters<typeof failure>[0],
  code: ErrorCode,
  message: string,
  hint: string,
) => CarillonError;

/** Every message ends with X's own sentence, so that a person can look it up. */
function maker(error: XFailure, step: XStep): Make {
  return (kind, code, message, hint) =>
    failure(kind, {
      code,
      message: sentence(message, error),
      hint: hintAfter(step, hint),
      cause: error,
      context: contextOf(error, step),
    });
}

/** No answer, an unusable one, or one that says nothing about what was done. */
function withoutAnswer(facts: XFailureFacts, step: XStep, make: Make): CarillonError {
  if (step === 'create' && facts.sent) {
    return make(
      'OutcomeUnknown',
      'OUTCOME_UNKNOWN',
      'X did not say whether it published the post',
      `Nothing to do: it is looked up before anything is sent again. ${SEEN_ON_X}`,
    );
  }
  const what = facts.sent ? 'X does not answer as it should' : 'X cannot be reached';
  return make(
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    `${what}${effectOf(step, facts.sent)}`,
    'It is tried again by itself, each time later.',
  );
}

function refusedCredentials(problem: XProblem, make: Make): CarillonError {
  if (problem.type === 'unsupported-authentication') return wrongKindOfToken(make);
  return make(
    'AuthRevoked',
    'AUTH_REVOKED',
    'X refuses the credentials',
    'Make new keys and tokens in the developer console of X and set X_API_KEY, X_API_SECRET, X_ACCESS_TOKEN and X_ACCESS_SECRET. A clock that is minutes wrong has the same effect.',
  );
}

function wrongKindOfToken(make: Make): CarillonError {
  return make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'X does not take this kind of credentials for it',
    'Use the OAuth 1.0a user token and secret of the account, not an app-only token.',
  );
}

function forbidden(problem: XProblem, step: XStep, make: Make): CarillonError {
  if (has(problem, BLOCKED_CODES)) {
    return make(
      'PermissionMissing',
      'PERMISSION_MISSING',
      'X has blocked the account or takes its posts for automated spam',
      'Log in on x.com, do what it asks there, and post more slowly; then /retry.',
    );
  }
  if (problem.type === 'unsupported-authentication') return wrongKindOfToken(make);
  if (has(problem, MEDIA_CODES) || MEDIA_DETAIL.test(problem.detail ?? '')) return refusedMedia(make);
  if (has(problem, UNANSWERABLE_CODES) || UNANSWERABLE_DETAIL.test(problem.detail ?? ''))
    return unanswerable(make);
  if (problem.type === 'invalid-request' || CONTENT_DETAIL.test(problem.detail ?? ''))
    return refusedWords(make);
  const right = step === 'media' ? ' (with OAuth 2: the scope media.write)' : '';
  return make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'X does not permit it',
    `Give the app “Read and write” in the developer console of X${right}, make the access token anew after that, and restart; then /retry.`,
  );
}

function refused(status: number, problem: XProblem, step: XStep, make: Make): CarillonError {
  if (status === 409 && step === 'create') return withoutAnswer({ sent: true }, step, make);
  const aboutMedia = problem.parameters.some((name) => name.startsWith('media')) || has(problem, MEDIA_CODES);
  if (step === 'media' || (step === 'create' && aboutMedia)) return refusedMedia(make);
  if (step === 'create') return refusedWords(make);
  if (status === 404) {
    return make(
      'ConfigError',
      'CONFIG_INVALID',
      'X knows no such thing',
      'Check X_API_URL and whether the account still exists.',
    );
  }
  return make(
    'PlatformUnavailable',
    'PLATFORM_UNAVAILABLE',
    'X refuses to answer',
    'It is tried again by itself, each time later.',
  );
}

const refusedWords = (make: Make): CarillonError =>
  make(
    'ContentRejected',
    'CONTENT_REJECTED',
    'X refused the post',
    'Change the words with /edit, then /retry.',
  );
const unanswerable = (make: Make): CarillonError =>
  make(
    'ContentRejected',
    'CONTENT_REJECTED',
    'X does not let the part before be answered; it may be gone',
    'Look at the thread on x.com: post the rest as a post of its own, or give it up.',
  );
const refusedMedia = (make: Make): CarillonError =>
  make(
    'MediaRejected',
    'MEDIA_REJECTED',
    'X refused the media',
    'Attach another file with /edit, then /retry.',
  );
