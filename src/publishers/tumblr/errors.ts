/**
 * What a failed call to Tumblr means: the only place where Tumblr's codes become our kinds of errors. Source of the codes:
 * https://github.com/tumblr/docs/blob/master/api.md#errors-and-error-subcodes. Read from parsed fields only.
 */
import type { ErrorCode } from '../../core/error-codes.ts';
import { type CarillonError, failure } from '../../core/errors.ts';
import type { CallFacts } from '../failure.ts';
import { contextOf, effectOf, hintAfter, type Step, sentence } from '../wording.ts';
import type { TumblrFailure } from './failure.ts';
import { dayIsSpent, limited } from './limits.ts';
import type { TumblrProblem } from './problem.ts';

/** The file is of a kind that Tumblr does not take. */
const MEDIA_CODES = [8005];
/** Pictures of a day, videos of a day, places in the queue, posts of a day. */
const DAY_CODES = [8004, 8011, 8022, 8023];
/** Another video is still being transcoded; only one at a time is. */
const TRANSCODING_CODES = [8010];
/** The upload failed inside Tumblr, for a picture and for a video: the post that it belongs to was not made. */
const UPLOAD_CODES = [8006, 8009];

const SEEN_ON_TUMBLR = 'Look at the blog if in doubt.';

/** The error to throw for a call that failed in a step. */
export function translate(error: TumblrFailure, step: Step, now: Date): CarillonError {
  const { facts } = error;
  const make = maker(error, step);
  if (facts.status === undefined || facts.status < 400) return withoutAnswer(facts, step, make);
  const problem = facts.problem ?? NO_PROBLEM;
  if (facts.status === 429) return limited(error, step, now);
  if (isDaySpent(error)) return dayIsSpent(error, step, now);
  if (has(problem, UPLOAD_CODES)) {
    return notNow('The upload failed inside Tumblr; nothing was published', make);
  }
  // Tumblr's own 503 says that posting is switched off; a gateway's says nothing about what Tumblr did.
  if (facts.status === 503 && problem.isTumblr) return notNow('Tumblr takes no posts just now', make);
  // 408 is said by gateways in front of Tumblr.
  if (facts.status >= 500 || facts.status === 408) return withoutAnswer(facts, step, make);
  if (facts.status === 401) return refusedCredentials(make);
  if (isPage(facts.status, problem)) return refusedInFront(facts.status, make);
  if (facts.status === 403) return forbidden(problem, make);
  return refused(facts.status, problem, step, make);
}

/** True when Tumblr's own word is that a day's allowance is spent. */
export function isDaySpent({ facts }: TumblrFailure): boolean {
  return facts.status === 403 && facts.problem !== undefined && has(facts.problem, DAY_CODES);
}

/** True when it is not Tumblr that speaks. Of 413 the number says all. */
function isPage(status: number, { isTumblr }: TumblrProblem): boolean {
  return !isTumblr && status !== 413;
}

/** A gateway or a wrong address: what was sent has not come through to Tumblr. */
function refusedInFront(status: number, make: Make): CarillonError {
  if (status !== 404) {
    return make(
      'PlatformUnavailable',
      'PLATFORM_UNAVAILABLE',
      `Something in front of Tumblr refuses (HTTP ${status}); nothing was published`,
      'It is tried again by itself, each time later. If it goes on, look at TUMBLR_API_URL and at proxies.',
    );
  }
  return make(
    'ConfigError',
    'CONFIG_INVALID',
    'There is no API of Tumblr at this address',
    'Check TUMBLR_API_URL, or unset it to use https://api.tumblr.com.',
  );
}

const NO_PROBLEM: TumblrProblem = { isTumblr: false, codes: [], sentence: '' };

const has = ({ codes }: TumblrProblem, among: readonly number[]): boolean =>
  codes.some((code) => among.includes(code));

type Make = (
  kind: Parameters<typeof failure>[0],
  code: ErrorCode,
  message: string,
  hint: string,
) => CarillonError;

/** Every message ends with Tumblr's own sentence, so that a person can look it up. */
function maker(error: TumblrFailure, step: Step): Make {
  return (kind, code, message, hint) =>
    failure(kind, {
      code,
      message: sentence(message, error),
      hint: hintAfter(step, hint),
      cause: error,
      context: contextOf('tumblr', error, step),
    });
}

/** No answer, an unusable one, or one that says nothing about what was done. */
function withoutAnswer(facts: Pick<CallFacts<TumblrProblem>, 'sent'>, step: Step, make: Make): CarillonError {
  if (step === 'create' && facts.sent) {
    return make(
      'OutcomeUnknown',
      'OUTCOME_UNKNOWN',
      'Tumblr did not say whether it published the post',
      `Nothing to do: it is looked up before anything is sent again. ${SEEN_ON_TUMBLR}`,
    );
  }
  const what = facts.sent ? 'Tumblr does not answer as it should' : 'Tumblr cannot be reached';
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

function refusedCredentials(make: Make): CarillonError {
  return make(
    'AuthRevoked',
    'AUTH_REVOKED',
    'Tumblr refuses the credentials',
    'Make a new token for your app (https://www.tumblr.com/oauth/apps) and set TUMBLR_CONSUMER_KEY, TUMBLR_CONSUMER_SECRET, TUMBLR_TOKEN and TUMBLR_TOKEN_SECRET. A clock that is minutes wrong has the same effect.',
  );
}

function forbidden(problem: TumblrProblem, make: Make): CarillonError {
  if (has(problem, TRANSCODING_CODES)) {
    return notNow('Tumblr is still working on another video of this account; nothing was published', make);
  }
  return make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'Tumblr does not permit it',
    'Log in on tumblr.com, see whether the account may post to this blog, and do what is asked there; then /retry.',
  );
}

function refused(status: number, problem: TumblrProblem, step: Step, make: Make): CarillonError {
  if (status === 409 && step === 'create') return withoutAnswer({ sent: true }, step, make);
  if (status === 404) {
    return make(
      'ConfigError',
      'CONFIG_INVALID',
      'Tumblr knows no such blog',
      'Check TUMBLR_BLOG and whether the blog still exists.',
    );
  }
  if (step === 'create' && (status === 413 || has(problem, MEDIA_CODES))) {
    return make(
      'MediaRejected',
      'MEDIA_REJECTED',
      'Tumblr refused the media',
      'Attach another file with /edit, then /retry.',
    );
  }
  if (step === 'create') {
    return make(
      'ContentRejected',
      'CONTENT_REJECTED',
      'Tumblr refused the post',
      'Change the words with /edit, then /retry.',
    );
  }
  return notNow('Tumblr refuses to answer', make);
}
