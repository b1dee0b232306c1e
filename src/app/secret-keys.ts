/** Keys for what the program signs and seals: from SECRETS_KEY, which all processes share, or else from a file that is made once. */
import { createHmac, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Random } from '../core/clock.ts';

const KEY_FILE = 'secrets.key';
const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

export interface SecretKeys {
  /**
   * Keys of 32 bytes for one purpose. The first is to be used; the second, where there is one, is that of the file, which was
   * used before SECRETS_KEY was set.
   */
  of(purpose: string): Promise<readonly [Uint8Array, ...Uint8Array[]]>;
}

export function createSecretKeys(
  { secretsKey, dataDirectory }: Pick<Config, 'secretsKey' | 'dataDirectory'>,
  random: Random,
): SecretKeys {
  const path = join(dataDirectory, KEY_FILE);
  return {
    async of(purpose) {
      const derive = (master: Uint8Array): Uint8Array =>
        createHmac('sha256', master).update(purpose).digest();
      if (!secretsKey) return [derive((await readKey(path)) ?? (await makeKey(path, random)))];
      const before = await readKey(path);
      return [derive(Buffer.from(secretsKey.reveal(), 'hex')), ...(before ? [derive(before)] : [])];
    },
  };
}

/** Undefined when there is no such file. */
async function readKey(path: string): Promise<Uint8Array | undefined> {
  try {
    const key = Buffer.from(await readFile(path, 'utf8'), 'hex');
    if (key.length === KEY_BYTES) return key;
    throw new Error(`${path} holds no key of ${KEY_BYTES} bytes: put it back from a copy, or remove it.`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole on the disk before it has its name, and never in the place of another: what is sealed with it must be opened later. */
async function makeKey(path: string, random: Random): Promise<Uint8Array> {
  await mkdir(join(path, '..'), { recursive: true });
  const key = random.bytes(KEY_BYTES);
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(Buffer.from(key).toString('hex'));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
    return key;
  } catch (error) {
    const other = (error as NodeJS.ErrnoException).code === 'EEXIST' ? await readKey(path) : undefined;
    if (other) return other;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
