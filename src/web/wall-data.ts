/** The wall as data: what the rehearsal accounts published, newest first. Scripts rely on these names. */
import type { Wall } from '../core/wall.ts';

/** More entries than a person or a script looks at; the page asks for fewer. */
const ENTRIES_MAX = 20_000;

export interface WallPost {
  /** The anchor of the entry on the page. */
  readonly id: string;
  readonly network: string;
  readonly account: string;
  readonly post: string;
  readonly title?: string;
  readonly text: string;
  readonly link: string | null;
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
    ...(entry.title === undefined ? {} : { title: entry.title }),
    text: entry.text,
    link: entry.link ?? null,
    ...(entry.poll === undefined ? {} : { poll: entry.poll }),
    ...(entry.part === undefined ? {} : { part: entry.part }),
    ...(entry.answers === undefined ? {} : { answers: entry.answers }),
    ...(entry.replies === undefined ? {} : { replies: entry.replies }),
    media: entry.media.map(({ sha256, kind, bytes, width, height, alt }) => ({
      kind,
      bytes,
      width,
      height,
      alt: alt ?? null,
      url: `/wall/media/${sha256}`,
    })),
    at: entry.at.toISOString(),
  }));
}
