/**
 * What a backup file is: a tar archive with `backup.json` (which kind, when), media named by content, the database as one
 * consistent copy, `contents.json` (how much of everything) and, last, `SHA256SUMS` over all the others, so that
 * `tar xf FILE && sha256sum -c SHA256SUMS` checks it without this program. An archive without its last entry was cut off.
 */

/** Raised when older versions of this program could not read the archive any more. */
export const ARCHIVE_FORMAT = 1;

export const ENTRY = {
  description: 'backup.json',
  database: 'database/data.mdb',
  contents: 'contents.json',
  sums: 'SHA256SUMS',
} as const;

const MEDIA = /^media\/([0-9a-f]{2})\/([0-9a-f]{62})$/;

export interface Description {
  readonly program: 'carillon';
  readonly format: number;
  readonly createdAt: string;
}

export interface Contents {
  readonly collections: readonly { readonly namespace: string; readonly documents: number }[];
  readonly media: { readonly files: number; readonly bytes: number };
}

/** Entry of a stored medium. */
export function mediaEntry(sha256: string): string {
  return `media/${sha256.slice(0, 2)}/${sha256.slice(2)}`;
}

/** The content's hash that an entry's name promises; undefined when it is no medium. */
export function mediaHash(name: string): string | undefined {
  const found = MEDIA.exec(name);
  return found ? `${found[1]}${found[2]}` : undefined;
}

/** True for the names that a backup has: nothing else is ever unpacked. */
export function isKnownEntry(name: string): boolean {
  return Object.values<string>(ENTRY).includes(name) || mediaHash(name) !== undefined;
}
