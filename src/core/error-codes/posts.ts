/** Posts, their targets and how they stand. */
import { type ErrorEntry, entry } from './entry.ts';

export const POST_ERRORS = {
  POST_UNKNOWN: entry('No such post in this workspace.', 'Changes nothing.', 'See /queue for the ids.'),
  POST_CHANGED: entry(
    'Somebody changed the post meanwhile.',
    'Keeps the other change; yours is not applied.',
    'Look at it with /show and repeat your change.',
  ),
  POST_SETTLED: entry(
    'The post is finished; it cannot be changed any more.',
    'Changes nothing.',
    'Write a new one.',
  ),
  POST_BUSY: entry('The post is being published right now.', 'Lets it finish.', 'Wait for its outcome.'),
  POST_EMPTY: entry(
    'The post has neither text nor media.',
    'Changes nothing.',
    'Add text or attach something.',
  ),
  NOTHING_TO_RETRY: entry('Nothing of that post failed.', 'Changes nothing.', 'See /show.'),
  NOTHING_PUBLISHED: entry(
    'Nothing of that post is published there.',
    'Changes nothing.',
    'See /show; what has not gone out yet is taken back with /cancel.',
  ),
  NOT_THERE: entry(
    'The network does not know the post any more.',
    'Says so where it was asked about; changes nothing.',
    'It was probably deleted there by hand.',
  ),
  NOT_REMOVABLE: entry(
    'The network lets apps delete nothing there, or not with these credentials.',
    'Leaves it as it is.',
    'Delete it there by hand.',
  ),
  TARGET_UNKNOWN: entry(
    'No such network or account.',
    'Names the nearest one.',
    'See /accounts for what there is.',
  ),
  TARGETS_NONE: entry(
    'There is no account to publish to.',
    'Changes nothing.',
    'Connect an account; see /accounts.',
  ),
  EXPIRY_TOO_EARLY: entry(
    'The post would expire before it is due.',
    'Changes nothing.',
    'Give a later expiry, or none.',
  ),
  CONTENT_ISSUES: entry(
    'The post breaks a rule of a network.',
    'Keeps it as a draft and lists every issue.',
    'Use the buttons: edit, post to the others, cancel.',
  ),
} as const satisfies Record<string, ErrorEntry>;
