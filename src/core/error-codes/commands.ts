/** What a person asked for, and whether they may. */
import { type ErrorEntry, entry } from './entry.ts';

export const COMMAND_ERRORS = {
  BUG: entry(
    'Something unforeseen failed.',
    'Logs it with a reference; changes nothing.',
    'Report it with the reference.',
  ),
  COMMAND_UNKNOWN: entry(
    'There is no such command.',
    'Names the nearest command.',
    'Use the command that is named, or /help.',
  ),
  OPTION_UNKNOWN: entry(
    'The command has no such option.',
    'Names the nearest option.',
    'Use the option that is named.',
  ),
  OPTION_MISSING: entry(
    'A needed option was left out.',
    'Changes nothing.',
    'Give the option; the answer shows how.',
  ),
  OPTION_INVALID: entry(
    'An option has a value that it cannot have.',
    'Changes nothing.',
    'Give one of the values that are named.',
  ),
  ACTION_STALE: entry(
    'A button belongs to something that has changed since.',
    'Changes nothing.',
    'Use /show to see how it stands now.',
  ),
  NOT_ALLOWED: entry(
    'The person’s role does not allow this.',
    'Changes nothing.',
    'Ask an owner for the role that is named.',
  ),
  NOT_A_MEMBER: entry(
    'The conversation or the person belongs to no workspace.',
    'Answers /start and /help only.',
    'Ask an owner, or claim the bot with /start CODE.',
  ),
  CLAIM_REFUSED: entry(
    'The claim code is wrong, or there is an owner already.',
    'Changes nothing.',
    'Read the code in the program’s output, or ask the owner.',
  ),
  TOO_MANY_TRIES: entry(
    'Too many wrong codes in a short time.',
    'Refuses further codes for a while.',
    'Wait until the time that is named.',
  ),
  LAST_OWNER: entry(
    'The last owner cannot be removed.',
    'Changes nothing.',
    'Make somebody else owner first.',
  ),
  PERSON_UNKNOWN: entry(
    'No such person in this workspace.',
    'Changes nothing.',
    'Use a mention or an id from /team.',
  ),
  MOMENT_UNREADABLE: entry('The time was not understood.', 'Changes nothing.', 'Write it like the examples.'),
  MOMENT_PAST: entry(
    'The time has passed.',
    'Proposes the nearest sensible time.',
    'Take the proposal or give another time.',
  ),
  MOMENT_WEEKDAY: entry(
    'A weekday and a day were given that do not belong together.',
    'Changes nothing; says which weekday that day is.',
    'Leave the weekday out, or give the other day.',
  ),
  MOMENT_SKIPPED: entry(
    'Clocks are put forward then: that wall time does not exist.',
    'Offers the times before and after.',
    'Choose one.',
  ),
  MOMENT_DOUBLED: entry(
    'Clocks are put back then: that wall time happens twice.',
    'Offers both.',
    'Choose one.',
  ),
  MOMENT_TOO_FAR: entry(
    'The time is further away than posts are kept for.',
    'Changes nothing.',
    'Give an earlier time.',
  ),
  ZONE_UNKNOWN: entry(
    'There is no such time zone.',
    'Names the nearest zones.',
    'Use an IANA name such as Europe/Rome.',
  ),
  LOCALE_UNKNOWN: entry(
    'Dates cannot be read in that language.',
    'Names the languages that can.',
    'Choose one of them.',
  ),
} as const satisfies Record<string, ErrorEntry>;
