/** The key of the links to single files, and whether there are such links: only with a public address and a network that fetches. */
import { createHmac } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { BlobStore } from '../core/media.ts';
import { createMediaLinks, type MediaLinks } from '../web/media-links.ts';

const KEY_FILE = 'media-links.key';
const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

export async function openMediaLinks(
  config: Config,
  blobs: BlobStore,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<MediaLinks | undefined> {
  const { publicUrl } = config.web;
  if (publicUrl === undefined || !config.instagram.credentials) return undefined;
  return createMediaLinks({ publicUrl, key: await keyOf(config, random), blobs, clock });
}

/** From SECRETS_KEY, which all processes share, or else from a file that is made once. */
async function keyOf({ secretsKey, dataDirectory }: Config, random: Random): Promise<Uint8Array> {
  if (secretsKey)
    return createHmac('sha256', Buffer.from(secretsKey.reveal(), 'hex')).update('media links').digest();
  const path = join(dataDirectory, KEY_FILE);
  await mkdir(dataDirectory, { recursive: true });
  try {
    await writeFile(path, Buffer.from(random.bytes(KEY_BYTES)).toString('hex'), {
      flag: 'wx',
      mode: OWNER_ONLY,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = Buffer.from(await readFile(path, 'utf8'), 'hex');
  // A file that a crash left empty: links of before are worth an hour only.
  if (key.length === KEY_BYTES) return key;
  const anew = random.bytes(KEY_BYTES);
  await writeFile(path, Buffer.from(anew).toString('hex'), { mode: OWNER_ONLY });
  return anew;
}
