/** The program itself, its database and its chats. */
import { type ErrorEntry, entry } from './entry.ts';

export const PROGRAM_ERRORS = {
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
