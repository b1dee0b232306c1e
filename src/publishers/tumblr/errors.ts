/**
 * What a failed call to Tumblr means: the only place where Tumblr's codes become our kinds of errors. Source of the codes:
 * https://github.com/tumblr/docs/blob/master/api.md#errors-and-error-subcodes. Read from parsed fields only.
 */
import type { CarillonError } from '../../core/errors.ts';
import { type Refusals, refusalsOf } from '../refusals.ts';
import type { Step } from '../wording.ts';
import type { TumblrFailure } from './failure.ts';
import { dayIsSpent, limited } from './limits.ts';
import type { TumblrProblem } from './problem.ts';
import { TUMBLR_ORIGIN } from './settings.ts';

/** The file is of a kind that Tumblr does not take. */
const MEDIA_CODES = [8005];
/** Pictures of a day, videos of a day, places in the queue, posts of a day. */
const DAY_CODES = [8004, 8011, 8022, 8023];
/** Another video is still being transcoded; only one at a time is. */
const TRANSCODING_CODES = [8010];
/** The upload failed inside Tumblr, for a picture and for a video: the post that it belongs to was not made. */
const UPLOAD_CODES = [8006, 8009];

const VOICE = {
  network: 'tumblr',
  label: 'Tumblr',
  origin: TUMBLR_ORIGIN,
  created: 'published the post',
  seen: 'Look at the blog if in doubt.',
};

/** The error to throw for a call that failed in a step. */
export function translate(error: TumblrFailure, step: Step, now: Date): CarillonError {
  const { facts } = error;
  const told = refusalsOf(VOICE, error, step);
  if (facts.status === undefined || facts.status < 400) return told.withoutAnswer();
  const problem = facts.problem ?? NO_PROBLEM;
  if (facts.status === 429) return limited(error, step, now);
  if (isDaySpent(error)) return dayIsSpent(error, step, now);
  if (has(problem, UPLOAD_CODES)) {
    return told.notNow('The upload failed inside Tumblr; nothing was published');
  }
  // Tumblr's own 503 says that posting is switched off; a gateway's says nothing about what Tumblr did.
  if (facts.status === 503 && problem.isTumblr) return told.notNow('Tumblr takes no posts just now');
  // 408 is said by gateways in front of Tumblr.
  if (facts.status >= 500 || facts.status === 408) return told.withoutAnswer();
  if (facts.status === 401) return problem.isRenewed ? told.renewed(now) : refusedCredentials(told);
  if (isPage(facts.status, problem)) return told.refusedInFront(facts.status);
  if (facts.status === 403) return forbidden(problem, told);
  return refused(facts.status, problem, step, told);
}

/** True when Tumblr's own word is that a day's allowance is spent. */
export function isDaySpent({ facts }: TumblrFailure): boolean {
  return facts.status === 403 && facts.problem !== undefined && has(facts.problem, DAY_CODES);
}

/** True when it is not Tumblr that speaks. Of 413 the number says all. */
function isPage(status: number, { isTumblr }: TumblrProblem): boolean {
  return !isTumblr && status !== 413;
}

const NO_PROBLEM: TumblrProblem = { isTumblr: false, codes: [], sentence: '' };

const has = ({ codes }: TumblrProblem, among: readonly number[]): boolean =>
  codes.some((code) => among.includes(code));

function refusedCredentials(told: Refusals): CarillonError {
  return told.make(
    'AuthRevoked',
    'AUTH_REVOKED',
    'Tumblr refuses the credentials',
    'Make a new token for your app (https://www.tumblr.com/oauth/apps) and set TUMBLR_TOKEN with TUMBLR_TOKEN_SECRET, or with TUMBLR_REFRESH_TOKEN, and the app’s TUMBLR_CONSUMER_KEY and TUMBLR_CONSUMER_SECRET. With a token secret a clock that is minutes wrong has the same effect.',
  );
}

function forbidden(problem: TumblrProblem, told: Refusals): CarillonError {
  if (has(problem, TRANSCODING_CODES)) {
    return told.notNow('Tumblr is still working on another video of this account; nothing was published');
  }
  return told.make(
    'PermissionMissing',
    'PERMISSION_MISSING',
    'Tumblr does not permit it',
    'Log in on tumblr.com, see whether the account may post to this blog, and do what is asked there; then /retry.',
  );
}

function refused(status: number, problem: TumblrProblem, step: Step, told: Refusals): CarillonError {
  if (status === 409 && step === 'create') return told.withoutAnswer();
  if (status === 404) {
    return told.make(
      'ConfigError',
      'CONFIG_INVALID',
      'Tumblr knows no such blog',
      'Check TUMBLR_BLOG and whether the blog still exists.',
    );
  }
  if (step === 'create' && (status === 413 || has(problem, MEDIA_CODES))) {
    return told.refusedMedia();
  }
  if (step === 'create') {
    return told.make(
      'ContentRejected',
      'CONTENT_REJECTED',
      'Tumblr refused the post',
      'Change the words with /edit, then /retry.',
    );
  }
  return told.notNow('Tumblr refuses to answer');
}
