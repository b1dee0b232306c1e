/** What a network answers, and what becomes of the delivery. */
import { type ErrorEntry, entry } from './entry.ts';

export const NETWORK_ERRORS = {
  AUTH_EXPIRED: entry(
    'The account’s access had run out, and was renewed.',
    'Sends what was refused for it once more, at once.',
    'Nothing.',
  ),
  AUTH_REVOKED: entry(
    'The account’s access was withdrawn.',
    'Holds back the account’s posts.',
    'Give new credentials and restart; then /retry.',
  ),
  PERMISSION_MISSING: entry(
    'The credentials lack a right.',
    'Holds back the account’s posts.',
    'Grant the right that is named and restart; then /retry.',
  ),
  BILLING_REQUIRED: entry(
    'The network wants payment for its API.',
    'Holds back the account’s posts.',
    'Settle it with the network; then /retry.',
  ),
  RATE_LIMITED: entry(
    'The network asks to slow down.',
    'Waits until the instant that the network named, for the whole account.',
    'Nothing.',
  ),
  QUOTA_SPENT: entry(
    'A daily or monthly allowance is spent.',
    'Waits for the next window.',
    'Nothing, or move the post.',
  ),
  CONTENT_REJECTED: entry(
    'The network refused the words.',
    'Does not try again.',
    'Change the post and /retry.',
  ),
  THREAD_CHANGED: entry(
    'Words of a thread were changed that are out already.',
    'Sends no further part; what is out stays.',
    'Let the words begin as they stand on the network and /retry, or give up the rest.',
  ),
  DUPLICATE_REFUSED: entry(
    'The network says that the same words were published already.',
    'Looks whether it was this post.',
    'If not, change the words and /retry.',
  ),
  MEDIA_REJECTED: entry(
    'The network refused the media.',
    'Does not try again.',
    'Change the media and /retry.',
  ),
  PREPARING_TOO_LONG: entry(
    'The network did not get ready with the files for hours; nothing was published.',
    'Gives up; where an earlier try may have come through, looks first.',
    '/retry; if it happens again, attach another file with /edit.',
  ),
  PLATFORM_UNAVAILABLE: entry(
    'The network is not reachable; certainly nothing was published.',
    'Tries again, each time later.',
    'Nothing; after the last try: /retry.',
  ),
  OUTCOME_UNKNOWN: entry(
    'The request left and no answer came.',
    'Looks on the network whether it is there; never sends again unproven.',
    'If asked: say whether it is there.',
  ),
  LEASE_LOST: entry('Another worker took the delivery over.', 'Leaves it to the other.', 'Nothing.'),
} as const satisfies Record<string, ErrorEntry>;
