/** What a file looks like by its first bytes. Its name and what a server said about it play no part. */
import { describeBytes } from '../core/quantities.ts';
import { noMedia, unknownKind } from './unreadable.ts';

/** So many bytes at the beginning tell the kind of every file that is known (file-type's own sample size). */
export const SAMPLE_BYTES = 4100;

export interface Sniffed {
  /** How the file is read: by the picture library, as a file of boxes (MP4 and its kin), or by the general video reader. */
  readonly reader: 'picture' | 'boxes' | 'other video';
  readonly mime: string;
}

/** The kinds that are read, by the MIME type that file-type gives them. */
const READERS: Readonly<Record<string, Sniffed['reader']>> = {
  'image/jpeg': 'picture',
  'image/png': 'picture',
  'image/apng': 'picture',
  'image/webp': 'picture',
  'image/gif': 'picture',
  'image/avif': 'picture',
  'image/tiff': 'picture',
  'video/mp4': 'boxes',
  'video/quicktime': 'boxes',
  'video/x-m4v': 'boxes',
  'video/3gpp': 'boxes',
  'video/3gpp2': 'boxes',
  'video/webm': 'other video',
  'video/matroska': 'other video',
  'video/vnd.avi': 'other video',
  'video/mpeg': 'other video',
  'video/MP1S': 'other video',
  'video/MP2P': 'other video',
  'video/mp2t': 'other video',
  'video/x-ms-asf': 'other video',
  'video/x-ms-wmv': 'other video',
  'video/x-flv': 'other video',
  'video/ogg': 'other video',
};

const EXPORT_JPEG = 'Export it as JPEG or PNG and send that.';

/** Pictures that people do send and that cannot be read here, with the way out. */
const FOREIGN_PICTURES: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  'image/heic': [
    'a HEIC picture (iPhone)',
    'Share it as JPEG: on the iPhone, Settings, Camera, Formats, Most Compatible.',
  ],
  'image/heif': ['a HEIF picture', 'Share it as JPEG.'],
  'image/heic-sequence': ['a HEIC picture series (iPhone)', 'Share it as JPEG or as a video.'],
  'image/heif-sequence': ['a HEIF picture series', 'Share it as JPEG or as a video.'],
};

/** Errors: MEDIA_UNREADABLE, saying what the file looks like. */
export async function sniff(sample: Buffer): Promise<Sniffed> {
  if (sample.length === 0)
    throw noMedia(
      'an empty file (0 bytes)',
      'Save it again in the program that made it, then send the new file.',
    );
  // Loaded with the first file: about 9 MB that an idle bot does not need.
  const { fileTypeFromBuffer } = await import('file-type');
  const type = await fileTypeFromBuffer(sample);
  if (!type || type.mime === 'application/xml')
    throw noMedia(textKind(sample) ?? `a file of unknown kind${sizeNote(sample)}`);
  const reader = READERS[type.mime];
  if (reader) return { reader, mime: type.mime === 'image/apng' ? 'image/png' : type.mime };
  const foreign = FOREIGN_PICTURES[type.mime];
  if (foreign) throw unknownKind(...foreign);
  if (type.mime.startsWith('image/'))
    throw unknownKind(`a picture of the kind ${type.ext.toUpperCase()}`, EXPORT_JPEG);
  if (type.mime.startsWith('audio/'))
    throw noMedia(
      `a sound file (${type.ext.toUpperCase()})`,
      'Networks take no sound alone: make it a video with a picture (MP4).',
    );
  throw noMedia(`a ${type.ext.toUpperCase()} file (${type.mime})`);
}

function sizeNote(sample: Buffer): string {
  return sample.length < SAMPLE_BYTES ? ` (${describeBytes(sample.length)})` : '';
}

/** Files of letters, which have no signature. SVG is among them: it can hold scripts and draw on files from elsewhere. */
function textKind(sample: Buffer): string | undefined {
  const text = sample
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text === '') return 'a file of blanks';
  if (/^#!/.test(text)) return 'a script';
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]/i.test(text))
    return 'an SVG drawing';
  if (/^(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body|script|div|p|title|meta)[\s>]/i.test(text))
    return 'a web page (HTML)';
  if (/^<\?php/i.test(text)) return 'a script (PHP)';
  if (text.startsWith('<')) return 'an XML file';
  // Binary files hold zeros or bytes that are no UTF-8.
  return /[\0\ufffd]/.test(text.slice(0, -4)) ? undefined : 'a text file';
}
