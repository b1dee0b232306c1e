/**
 * Each error code once: what it means, what the bot does, what the person does. docs/errors.md is this table for people;
 * a test keeps the two equal.
 */
export interface ErrorEntry {
  readonly means: string;
  readonly bot: string;
  readonly person: string;
}

const entry = (means: string, bot: string, person: string): ErrorEntry => ({ means, bot, person });

export const ERROR_CODES = {
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
  MEDIA_LINK_REFUSED: entry(
    'The link leads to a private or local address, or is no web address.',
    'Fetches nothing.',
    'Attach the file, or give a public address.',
  ),
  MEDIA_UNREACHABLE: entry(
    'The media could not be fetched.',
    'Changes nothing.',
    'Check the link, or attach the file.',
  ),
  VIDEO_CONVERSION_FAILED: entry(
    'ffmpeg on the bot’s machine could not make the video fit.',
    'Keeps the original and the draft, and says what ffmpeg said.',
    'Export the video anew as the rule says, and attach it with /edit.',
  ),
  MEDIA_TOO_LARGE: entry(
    'The file is larger than can be taken.',
    'Stops fetching at the limit.',
    'Make it smaller; for chats with a limit, send a link.',
  ),
  MEDIA_UNREADABLE: entry(
    'The file is broken, or is no picture or video.',
    'Stores nothing.',
    'Send a JPEG, PNG, WebP, GIF, MP4 or MOV.',
  ),
  MEDIA_BOMB: entry(
    'The picture unpacks to an unreasonable size.',
    'Stores nothing.',
    'Send a smaller picture.',
  ),
  MEDIA_MISSING: entry('The stored file is gone.', 'Does not publish.', 'Attach it again with /edit.'),
  STORAGE_FULL: entry(
    'There is no room left where media are stored.',
    'Stores nothing; what is there already is kept.',
    'Free some space on the disk of DATA_DIR or of the database, then send it again.',
  ),
  FILE_NOT_FOUND: entry(
    'There is no such file.',
    'Changes nothing.',
    'Check the path; it is read from the working directory.',
  ),
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
  CONFIG_INVALID: entry(
    'Variables of the environment are wrong.',
    'Does not start; names every fault at once.',
    'Mend the variables that are named.',
  ),
  DATABASE_UNREACHABLE: entry(
    'The database does not answer.',
    'Does not start; while it runs, says so, reports it in /health and goes on by itself when the database is back.',
    'Try again in a moment; check MONGODB_URI and the server.',
  ),
  DATA_FOLDER_BUSY: entry(
    'Another process uses the data folder.',
    'Does not start.',
    'Stop the process that is named, or set DATA_DIR.',
  ),
  PORT_TAKEN: entry('Another program listens on the port.', 'Does not start.', 'Set PORT to a free one.'),
  TOKEN_REFUSED: entry(
    'The chat refused the bot’s token.',
    'Does not start.',
    'Make a new token and set the variable that is named.',
  ),
  CHAT_UNREACHABLE: entry(
    'The chat refuses messages there (blocked, removed, no right).',
    'Marks the route dead; the delivery is not touched.',
    'Invite or unblock the bot.',
  ),
  CHAT_UNAVAILABLE: entry(
    'The chat does not answer.',
    'Keeps the message in the outbox and tries again.',
    'Nothing.',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
