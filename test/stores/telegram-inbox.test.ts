import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../src/embedded/index.ts';
import { createIndexes, type OpenedDatabase, openDatabase } from '../../src/stores/index.ts';
import { telegramInbox } from '../../src/stores/telegram-inbox.ts';
import { chatInboxContract } from '../contract/chat-inbox.ts';
import { createMemoryInbox } from '../helpers/memory-inbox.ts';

let folder: string;
let embedded: EmbeddedDatabase | undefined;
let opened: OpenedDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-inbox-'));
  const uri = process.env.MONGODB_URI;
  if (uri === undefined)
    embedded = await startEmbedded({ directory: folder, listen: { socket: true }, thread: 'inline' });
  opened = await openDatabase(uri ?? embedded!.uri, { timeoutMs: 5_000 });
});

afterAll(async () => {
  await opened?.close();
  await embedded?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A database of its own for each inbox. */
async function freshInbox() {
  const connection = opened.connection.useDb(`inbox_${randomUUID().slice(0, 8)}`);
  const inbox = telegramInbox(connection);
  await createIndexes(connection);
  return inbox;
}

chatInboxContract('Mongoose', freshInbox);
// The suites of the front-end use the memory inbox; held to the same contract, it cannot be kinder than the real one.
chatInboxContract('memory', createMemoryInbox);

describe('the stored inbox', () => {
  it('is the same for another process', async () => {
    const name = `inbox_${randomUUID().slice(0, 8)}`;
    const first = telegramInbox(opened.connection.useDb(name));
    await first.keep([{ id: '7:1', payload: 'x' }], new Date());
    const second = telegramInbox(opened.connection.useDb(name));
    expect(await second.reopen('7')).toEqual([{ id: '7:1', payload: 'x', tries: 0 }]);
  });
});
