/** The wall as data: what the rehearsal accounts published, newest first. Scripts rely on these names. */
import { defined } from '../core/defined.ts';
import type { Wall, WallEntry } from '../core/wall.ts';

/** More entries than a person or a script looks at; the page asks for fewer. */
const ENTRIES_MAX = 20_000;

export interface WallPost {
  /** The anchor of the entry on the page. */
  readonly id: string;
  readonly network: string;
  readonly account: string;
  readonly post: string;
  /** `feed`, `reel` or `story`, where the network has several ways. */
  readonly format?: string;
  readonly title?: string;
  readonly text: string;
  readonly link: string | null;
  readonly board?: string;
  readonly firstComment?: string;
  readonly poll?: { readonly options: readonly string[]; readonly minutes: number };
  readonly replies?: string;
  /** Which part of a thread it is, and the entry that it answers. */
  readonly part?: { readonly number: number; readonly of: number };
  readonly answers?: string;
  readonly media: readonly {
    readonly kind: string;
    readonly bytes: number;
    readonly width: number;
    readonly height: number;
    readonly alt: string | null;
    readonly url: string;
    /** Of a video, where somebody chose it: the picture that stands for it, or the second of it. */
    readonly cover?: { readonly url: string } | { readonly second: number };
  }[];
  readonly at: string;
}

export async function wallData(wall: Wall, limit = ENTRIES_MAX): Promise<readonly WallPost[]> {
  // A store takes a limit of 0 for none.
  if (limit <= 0) return [];
  const entries = await wall.newest(Math.min(limit, ENTRIES_MAX));
  return entries.map((entry) => ({
    id: entry.id,
    network: entry.network,
    account: entry.handle,
    post: entry.post,
    text: entry.text,
    link: entry.link ?? null,
    ...besideTheText(entry),
    media: mediaOf(entry),
    at: entry.at.toISOString(),
  }));
}

const besideTheText = ({ format, title, board, firstComment, poll, part, answers, replies }: WallEntry) =>
  defined({ format, title, board, firstComment, poll, part, answers, replies });

/** What is shown; a cover stands with its video, not beside it. */
function mediaOf({ media }: WallEntry): WallPost['media'] {
  const cover = media.find(({ isCover }) => isCover);
  const coverOf = ({
    kind,
    coverSecond,
  }: WallEntry['media'][number]): Pick<WallPost['media'][number], 'cover'> => {
    if (kind === 'video' && cover) return { cover: { url: urlOf(cover) } };
    return coverSecond === undefined ? {} : { cover: { second: coverSecond } };
  };
  return media
    .filter((each) => each !== cover)
    .map((each) => ({
      kind: each.kind,
      bytes: each.bytes,
      width: each.width,
      height: each.height,
      alt: each.alt ?? null,
      url: urlOf(each),
      ...coverOf(each),
    }));
}

const urlOf = ({ sha256 }: Pick<WallEntry['media'][number], 'sha256'>): string => `/wall/media/${sha256}`;
