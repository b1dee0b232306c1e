/** Opening the database: what a half-moved one is worth, and what is known of the built-in one. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStores } from '../../src/app/database.ts';
import { readConfig } from '../../src/config.ts';
import type { Logger } from '../../src/core/log.ts';
import { noteBackup } from '../../src/embedded/backup-note.ts';
import { MOVE_MARK } from '../../src/stores/move-mark.ts';
import { openStore, type Store, temporaryFolder } from '../tools/fixture.ts';

const silent = () => undefined;
const log: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };

let root: string;
let server: Store | undefined;
beforeEach(() => {
  root = temporaryFolder();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(root, { recursive: true, force: true });
});

it('the bot does not start on a database into which a move has not ended', async () => {
  server = await openStore(join(root, 'server'), { port: 0 });
  const mark = server.client.db('carillon').collection(MOVE_MARK);
  await mark.insertOne({});
  const config = readConfig({
    MONGODB_URI: server.database.uri,
    SECRETS_KEY: '0'.repeat(64),
    DATA_DIR: join(root, 'data'),
  });
  await expect(openStores(config, log)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('has not ended'),
    hint: expect.stringContaining('npm run move'),
  });
  await mark.drop();
  const database = await openStores(config, log);
  expect(database).toMatchObject({ alone: false });
  expect(database.storage).toBeUndefined();
  await database.close();
});

it('the built-in database tells its size, its free space and its last backup', async () => {
  const database = await openStores(readConfig({ DATA_DIR: root }), log);
  const first = await database.storage?.();
  expect(first).toMatchObject({ lastBackup: null, lastCheck: null });
  expect(first?.bytes).toBeGreaterThan(first?.freeBytes ?? Number.POSITIVE_INFINITY);
  noteBackup(join(root, 'database'), new Date('2026-01-02T03:04:05.678Z'));
  expect(await database.storage?.()).toMatchObject({ lastBackup: '2026-01-02T03:04:05.678Z' });
  await database.close();
});
