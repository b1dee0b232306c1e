/**
 * Files that people send: opened by us, from Telegram's own address, when core wants the bytes. The address holds the
 * bot's token, so it is never part of an error or a log line.
 */
import { createReadStream } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Readable } from 'node:stream';
import type { Api } from 'grammy';
import type { Clock } from '../../core/clock.ts';
import { type CarillonError, failure } from '../../core/errors.ts';
import type { IncomingMedia } from '../../core/media.ts';
import { download } from '../../lib/download.ts';
import type { FileReference } from './content.ts';
import { isBadRequest, translate } from './faults.ts';
import { CLOUD_API_URL, CLOUD_DOWNLOAD_MAX } from './limits.ts';
import { TOO_LARGE_HINT } from './notes.ts';

/** How long Telegram may take to begin, and to go on, with a file. */
const ANSWER_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 60_000;

export interface Files {
  /** The file as core takes it over. Its `open` fails with MEDIA_TOO_LARGE, MEDIA_UNREACHABLE, CHAT_UNAVAILABLE. */
  media(file: FileReference): IncomingMedia;
  /**
   * Of those that are larger than Telegram's cloud hands out, the first that this server refuses. It is asked because a
   * local Bot API server has no limit; small files are not asked for, so that an ordinary command costs no extra call.
   */
  refused(files: readonly FileReference[]): Promise<FileReference | undefined>;
}

/** `root` is scheme, host and port of the Bot API. */
export function createFiles(options: { api: Api; root: string; token: string; clock: Clock }): Files {
  const { api, root, token, clock } = options;

  const pathOf = async (file: FileReference): Promise<string> => {
    const answer = await api.getFile(file.fileId);
    if (answer.file_path === undefined) throw unreachable(file, 'Telegram named no path for it');
    return answer.file_path;
  };

  const open = async (file: FileReference, signal: AbortSignal): Promise<Readable> => {
    let path: string;
    try {
      path = await pathOf(file);
    } catch (error) {
      if (isBadRequest(error)) throw isLarge(file) ? tooLarge(file) : unreachable(file, error.description);
      throw translate(error, clock.now());
    }
    // A local Bot API server (`--local`) has the file on its disk and answers with the path there. Telegram's own never
    // does, and could not make us read our disk.
    if (isAbsolute(path) && root !== CLOUD_API_URL) return createReadStream(path, { signal });
    const url = `${root}/file/bot${token}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const response = await download(new URL(url), {
      headers: {},
      answerMs: ANSWER_TIMEOUT_MS,
      idleMs: IDLE_TIMEOUT_MS,
      signal,
    }).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason;
      throw unreachable(file, error instanceof Error ? error.name : 'no answer');
    });
    if (response.statusCode === 200) return response;
    response.destroy();
    throw unreachable(file, `Telegram answered with status ${response.statusCode}`);
  };

  return {
    media: (file) => ({
      kind: 'attachment',
      name: file.name,
      ...(file.bytes === undefined ? {} : { declaredBytes: file.bytes }),
      open: (signal) => open(file, signal),
    }),

    async refused(files) {
      for (const file of files.filter(isLarge)) {
        try {
          await pathOf(file);
        } catch (error) {
          if (isBadRequest(error)) return file;
          // Any other fault shows itself, with its own words, when the file is opened.
        }
      }
      return undefined;
    },
  };
}

const isLarge = (file: FileReference): boolean => (file.bytes ?? 0) > CLOUD_DOWNLOAD_MAX;

function tooLarge(file: FileReference): CarillonError {
  return failure('MediaRejected', {
    code: 'MEDIA_TOO_LARGE',
    message: `${file.name} is more than Telegram hands over to a bot (20 MB).`,
    hint: TOO_LARGE_HINT,
  });
}

function unreachable(file: FileReference, reason: string): CarillonError {
  return failure('MediaRejected', {
    code: 'MEDIA_UNREACHABLE',
    message: `${file.name} could not be fetched from Telegram: ${reason}.`,
    hint: 'Send the file again, or give its address on the web with media:https://….',
  });
}
