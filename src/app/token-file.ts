/** Keeps renewed tokens in a file of the data folder: sealed, and readable by its owner only. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Random } from '../core/clock.ts';
import type { Logger } from '../core/log.ts';
import { seal, unseal } from '../lib/seal.ts';
import type { TokenVault } from '../publishers/token-vault.ts';

const OWNER_ONLY = 0o600;

const tokensShape = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  expiresAt: z.number(),
  origin: z.string(),
});

export interface TokenFileParts {
  /** The first one seals; what any of them sealed is opened. */
  keys(): Promise<readonly [Uint8Array, ...Uint8Array[]]>;
  readonly random: Random;
  readonly log: Logger;
}

/**
 * Several processes with one MongoDB each have a file of their own. That is right where a refresh token may be used again; where
 * it is good once, the documentation of the network says that one process alone may have it.
 */
export function createTokenFile(path: string, { keys, random, log }: TokenFileParts): TokenVault {
  return {
    async load() {
      try {
        const sealed = await readFile(path, 'utf8');
        const opened = (await keys()).flatMap((key) => unseal(sealed, key) ?? []);
        if (opened[0] === undefined) throw new SealedOtherwise();
        return tokensShape.parse(JSON.parse(opened[0]));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        // The configured tokens are tried instead. The text may hold secrets, so only the kind of fault is told.
        log.warn({ path, fault: (error as Error).name }, 'renewed tokens cannot be read');
        return undefined;
      }
    },
    async save(tokens) {
      const [key] = await keys();
      await mkdir(dirname(path), { recursive: true });
      const draft = `${path}.${randomUUID()}`;
      try {
        const file = await open(draft, 'wx', OWNER_ONLY);
        try {
          await file.writeFile(seal(JSON.stringify(tokens), key, random));
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

/** The file is spoilt, or was sealed with a key that is not there any more. */
class SealedOtherwise extends Error {
  override readonly name = 'SealedOtherwise';
}
