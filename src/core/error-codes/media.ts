/** Files: fetching, reading and keeping them. */
import { type ErrorEntry, entry } from './entry.ts';

export const MEDIA_ERRORS = {
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
} as const satisfies Record<string, ErrorEntry>;
