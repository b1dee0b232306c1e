/** A pin as Pinterest takes it. Pictures stand in it as base64, so no public address is needed; they are read as they are sent. */
import type { Random } from '../../core/clock.ts';
import { shownMedia } from '../../core/cover.ts';
import type { Pieces } from '../../core/pieces.ts';
import type { Content, PreparedContent, PreparedMedia } from '../../core/publisher.ts';
import type { Intent } from '../../core/words.ts';
import { BodyMemory } from '../body-memory.ts';
import type { HttpBody } from '../http.ts';
import { piecesBody } from '../pieces.ts';
import { pinterest } from './rules.ts';

const MARK_BYTES = 16;
/** A video has to have a cover: where nobody chose one, its first key frame. */
const COVER_SECOND = 0;

export interface PinPlan {
  readonly boardId: string;
  /** Of the video that was uploaded, if there is one. */
  readonly mediaId: string | undefined;
}

/** The body of the creating call. */
export function pinBody(content: PreparedContent, plan: PinPlan, random: Random): HttpBody {
  const mark = Buffer.from(random.bytes(MARK_BYTES)).toString('hex');
  const title = content.title?.trim();
  const description = content.text.trim();
  const alt = altOf(content);
  // A video is at Pinterest already; what travels with the pin is its cover.
  const pictures = content.media.filter(({ kind }) => kind !== 'video');
  const fields = {
    board_id: plan.boardId,
    ...(title ? { title } : {}),
    ...(description ? { description } : {}),
    ...(content.link === undefined ? {} : { link: content.link }),
    ...(alt === undefined ? {} : { alt_text: alt }),
    media_source: sourceOf(content, plan.mediaId, pictures, mark),
  };
  const texts = JSON.stringify(fields).split(new RegExp(`${mark}-\\d+`));
  const pieces = texts.flatMap((text, index) => {
    const media = pictures[index - 1];
    return media && index > 0 ? [base64Of(media), Buffer.from(text)] : [Buffer.from(text)];
  });
  return piecesBody('application/json', pieces);
}

/** What will be looked for when the answer is lost. */
export function intentOf(content: Content): Intent {
  return {
    text: [content.title, content.text]
      .map((part) => part?.trim() ?? '')
      .filter((part) => part !== '')
      .join('\n\n'),
    ...(content.link === undefined ? {} : { link: content.link }),
    mediaCount: shownMedia(pinterest.capabilities, content.media).length,
  };
}

/** A pin has one alt text, also where it has several pictures. */
export function altOf({ media }: Content): string | undefined {
  return media.find(({ alt }) => alt)?.alt;
}

/** @param pictures those whose bytes stand in the place of their marks */
function sourceOf(
  { cover = COVER_SECOND }: PreparedContent,
  mediaId: string | undefined,
  pictures: readonly PreparedMedia[],
  mark: string,
): object {
  const items = pictures.map(({ mime }, index) => ({ content_type: mime, data: `${mark}-${index}` }));
  const [picture] = items;
  if (mediaId !== undefined)
    return {
      source_type: 'video_id',
      media_id: mediaId,
      ...(picture
        ? { cover_image_content_type: picture.content_type, cover_image_data: picture.data }
        : { cover_image_key_frame_time: cover }),
    };
  return items.length === 1
    ? { source_type: 'image_base64', ...items[0] }
    : { source_type: 'multiple_image_base64', items, index: 0 };
}

/** Four characters for each three bytes, the last ones filled up. */
function base64Of(media: PreparedMedia): { bytes: number; open(): Pieces } {
  return { bytes: 4 * Math.ceil(media.bytes / 3), open: () => encode(media.open()) };
}

/** Pieces of base64, all in the same memory; what is left of one when its bytes are taken by threes goes with the next. */
async function* encode(source: Pieces): AsyncGenerator<Buffer> {
  const [plain, encoded] = [new BodyMemory(), new BodyMemory()];
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    const bytes = plain.take(rest.length + piece.length);
    rest.copy(bytes);
    piece.copy(bytes, rest.length);
    const whole = bytes.length - (bytes.length % 3);
    const text = bytes.toString('base64', 0, whole);
    const place = encoded.take(text.length);
    place.write(text, 'latin1');
    if (whole > 0) yield place;
    rest = bytes.subarray(whole);
  }
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'));
}
