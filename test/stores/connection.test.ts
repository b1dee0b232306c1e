import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { CarillonError } from '../../src/core/errors.ts';
import { startEmbedded } from '../../src/embedded/index.ts';
import { createIndexes, createStores, maskAddress, openDatabase } from '../../src/stores/index.ts';

const TIMEOUT_MS = 300;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function embedded(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-connection-'));
  const server = await startEmbedded({ directory, listen: { socket: true }, thread: 'inline' });
  cleanUps.push(
    () => rm(directory, { recursive: true, force: true }),
    () => server.stop(),
  );
  return server.uri;
}

/** A port where nobody listens: taken once, and let go. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function refusal(uri: string): Promise<CarillonError> {
  const answer: unknown = await openDatabase(uri, { timeoutMs: TIMEOUT_MS }).catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(CarillonError);
  return answer as CarillonError;
}

describe('opening the database', () => {
  it('uses the database named in the address, and carillon where none is named', async () => {
    const uri = await embedded();
    const base = uri.replace(/\/[^/?]*(\?.*)?$/, '');
    for (const [path, name] of [
      ['/mine', 'mine'],
      ['', 'carillon'],
      ['/', 'carillon'],
    ]) {
      const opened = await openDatabase(`${base}${path}`, { timeoutMs: 2_000 });
      cleanUps.push(() => opened.close());
      expect(opened.connection.name).toBe(name);
    }
  });

  it('makes nothing in the database before it is asked to, and every index when it is', async () => {
    const opened = await openDatabase(await embedded(), { timeoutMs: 2_000 });
    cleanUps.push(() => opened.close());
    const stores = createStores(opened.connection);
    expect(await stores.posts.find('W1', 'P1')).toBeUndefined();
    expect(await opened.connection.db!.listCollections().toArray()).toEqual([]);
    await createIndexes(opened.connection);
    await createIndexes(opened.connection);
    const indexes = await opened.connection.db!.collection('platform_accounts').listIndexes().toArray();
    expect(indexes.map((index) => [index.key, index.unique ?? false])).toContainEqual([
      { workspaceId: 1, network: 1, mode: 1, profile: 1 },
      true,
    ]);
  });

  it('asks for acknowledgements of what is on disk', async () => {
    const opened = await openDatabase(await embedded(), { timeoutMs: 2_000, monitorCommands: true });
    cleanUps.push(() => opened.close());
    const concerns: unknown[] = [];
    opened.connection.getClient().on('commandStarted', (event) => concerns.push(event.command.writeConcern));
    await createStores(opened.connection).media.remember(
      'W1',
      { sha256: 'a', bytes: 1 },
      { kind: 'image', mime: 'image/png', bytes: 1, width: 1, height: 1 },
      new Date(0),
    );
    expect(concerns).toEqual([{ w: 'majority', j: true }]);
  });

  it('says what to do when nobody answers, without the password', async () => {
    const port = await freePort();
    const error = await refusal(`mongodb://ada:s3cr%23t@127.0.0.1:${port}/plans`);
    expect(error).toMatchObject({ kind: 'ConfigError', code: 'DATABASE_UNREACHABLE' });
    expect(error.message).toContain(`mongodb://ada:***@127.0.0.1:${port}/plans`);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.hint).toContain('MONGODB_URI');
    expect(inspect(error, { depth: 10 })).not.toMatch(/s3cr/);
  });

  it.each([
    'localhost:27017',
    'postgres://localhost/plans',
    'mongodb://',
    'mongodb://ada:s3cr#t@localhost/plans',
    'mongodb://ada:s3cr%zzt@localhost/plans',
    'mongodb://localhost/plans?noSuchOption=1',
  ])('refuses %s as no address, without a password', async (uri) => {
    const error = await refusal(uri);
    expect(error).toMatchObject({ kind: 'ConfigError', code: 'CONFIG_INVALID' });
    expect(error.hint).toContain('mongodb://user:password@host');
    expect(inspect(error, { depth: 10 })).not.toMatch(/s3cr/);
  });

  it('masks the password only', () => {
    expect(maskAddress('mongodb+srv://ada:p@ss:word@host.example/x?a=b@c')).toMatch(
      /^mongodb\+srv:\/\/ada:\*\*\*@/,
    );
    expect(maskAddress('mongodb+srv://ada:p@ss:word@host.example/x?a=b@c')).not.toContain('ss:word');
    expect(maskAddress('mongodb://%2Ftmp%2Fx.sock/x')).toBe('mongodb://%2Ftmp%2Fx.sock/x');
    expect(maskAddress('mongodb://ada@host/x')).toBe('mongodb://ada@host/x');
  });
});
