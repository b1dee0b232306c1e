/** A multipart/form-data body with one file, in one buffer: for pictures, which are small. */
import { failure } from '../../core/errors.ts';
import type { PreparedMedia } from '../../core/publisher.ts';

export interface MultipartBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** @param boundary letters and digits that do not occur in the parts */
export async function multipart(
  boundary: string,
  fields: Readonly<Record<string, string>>,
  name: string,
  media: PreparedMedia,
): Promise<MultipartBody> {
  const head = Object.entries(fields)
    .map(
      ([field, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
    )
    .join('');
  // The person's own file name is nobody's business, and could hold what breaks the header.
  const ending = media.mime.replace(/^.*\//, '').replace(/[^a-z0-9]/g, '');
  const fileHead = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="media.${ending}"\r\nContent-Type: ${media.mime}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([
      Buffer.from(head + fileHead),
      await readWhole(media),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}

async function readWhole(media: PreparedMedia): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of media.open()) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length === media.bytes) return bytes;
  throw failure('MediaRejected', {
    code: 'MEDIA_MISSING',
    message: `${media.name} ends at ${bytes.length} of ${media.bytes} bytes.`,
    hint: 'Attach it again with /edit.',
  });
}
