/** Files that people attach in Discord, as media whose bytes are fetched from Discord's own address. */
import type { Readable } from 'node:stream';
import type { APIAttachment } from 'discord.js';
import { failure } from '../../core/errors.ts';
import type { IncomingMedia } from '../../core/media.ts';
import { download } from '../../lib/download.ts';

const HTTP_OK = 200;

export interface AttachmentSource {
  /** Milliseconds without a byte after which the file counts as unreachable. */
  silence: number;
}

/**
 * The address is signed and dies within about a day, and attachments of commands sooner, so the desk opens it at once.
 * It comes from Discord and not from a person: it is trusted, a local address included (a simulator, a proxy).
 */
export function incomingAttachment(
  attachment: APIAttachment,
  description: string | undefined,
  source: AttachmentSource,
): IncomingMedia {
  const alt = description ?? attachment.description;
  return {
    kind: 'attachment',
    name: attachment.filename,
    declaredBytes: attachment.size,
    ...(alt ? { alt } : {}),
    open: (signal) => open(attachment, source, signal),
  };
}

async function open(
  attachment: APIAttachment,
  { silence }: AttachmentSource,
  signal: AbortSignal,
): Promise<Readable> {
  const response = await download(new URL(attachment.url), {
    headers: {},
    answerMs: silence,
    idleMs: silence,
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw unreachable(attachment, `Discord did not deliver it: ${said}`, error);
  });
  if (response.statusCode === HTTP_OK) return response;
  response.destroy();
  throw unreachable(attachment, `Discord answered ${response.statusCode}`, undefined);
}

function unreachable(attachment: APIAttachment, what: string, cause: unknown): Error {
  return failure('MediaRejected', {
    code: 'MEDIA_UNREACHABLE',
    message: `The file "${attachment.filename}" could not be fetched: ${what}.`,
    hint: 'Attach it again; Discord’s links to attachments work for a limited time.',
    cause,
    context: { attachment: attachment.id },
  });
}
