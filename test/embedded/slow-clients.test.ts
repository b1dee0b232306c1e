// Clients that trickle, stay silent, do not read or come in thousands: they cost little, and the others are served.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { Engine } from '../../src/embedded/engine.ts';
import { MemoryPermits } from '../../src/embedded/memory-permits.ts';
import { MessageBuffer } from '../../src/embedded/message-buffer.ts';
import { listen, MAX_CONNECTIONS, type RunningServer } from '../../src/embedded/server.ts';
import { ProtocolError } from '../../src/embedded/wire.ts';
import { temporaryDirectory } from './harness.ts';
import { seededRandom } from './seeded-random.ts';
import { message, PING } from './wire-fuzz/messages.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(patience?: {
  message: number;
  reply: number;
}): Promise<{ path: string; server: RunningServer }> {
  const directory = temporaryDirectory();
  const engine = await Engine.open(directory);
  const path = join(directory, 's.sock');
  const server = await listen(engine, { path }, patience);
  closing.push(async () => {
    await server.close();
    await engine.close();
    rmSync(directory, { recursive: true });
  });
  return { path, server };
}

async function open(path: string): Promise<Socket> {
  const socket = connect(path);
  socket.on('error', () => undefined);
  closing.push(async () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function answers(path: string): Promise<void> {
  const socket = await open(path);
  socket.write(PING);
  await once(socket, 'data');
  socket.destroy();
}

describe('putting messages together', () => {
  it('gives the same messages however they are cut', () => {
    const random = seededRandom(7);
    const sent = Array.from({ length: 200 }, (_, n) =>
      message({ n, text: 'x'.repeat(random() * 300), $db: 'd' }),
    );
    const stream = Buffer.concat(sent);
    for (const most of [1, 7, 100, 5_000]) {
      const buffer = new MessageBuffer();
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; ) {
        const next = at + 1 + Math.floor(random() * most);
        buffer.push(stream.subarray(at, next));
        for (let taken = buffer.take(); taken; taken = buffer.take()) found.push(Buffer.from(taken));
        at = next;
      }
      expect(Buffer.concat(found).equals(stream)).toBe(true);
      expect(found).toHaveLength(sent.length);
      expect(buffer.size).toBe(0);
    }
  });

  it('holds a message that trickles in without holding its pieces', () => {
    const buffer = new MessageBuffer();
    const head = Buffer.alloc(4);
    head.writeInt32LE(2_000_000);
    buffer.push(head);
    const before = process.memoryUsage();
    for (let n = 0; n < 1_000_000; n++) buffer.push(Buffer.of(1));
    const after = process.memoryUsage();
    expect(buffer.take()).toBeUndefined();
    expect(buffer.size).toBe(1_000_004);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20_000_000);
  });

  it('refuses a length that lies as soon as it is there', () => {
    const buffer = new MessageBuffer();
    buffer.push(Buffer.of(0xff, 0xff));
    expect(buffer.take()).toBeUndefined();
    buffer.push(Buffer.of(0xff, 0x7f));
    expect(() => buffer.take()).toThrow(ProtocolError);
  });
});

describe('permits for large messages', () => {
  it('are given in the order of asking, and no more than there are', () => {
    const permits = new MemoryPermits(10);
    const granted: string[] = [];
    const a = permits.request(6, () => granted.push('a'));
    const b = permits.request(6, () => granted.push('b'));
    const c = permits.request(4, () => granted.push('c'));
    expect(granted).toEqual(['a']);
    b.release();
    expect(granted).toEqual(['a', 'c']);
    permits.request(6, () => granted.push('d'));
    a.release();
    a.release();
    c.release();
    expect(granted).toEqual(['a', 'c', 'd']);
  });
});

describe('the server', () => {
  it('ends a connection that stays silent or trickles, and keeps one that is only idle', async () => {
    const { path } = await start({ message: 1_000, reply: 10_000 });
    const silent = await open(path);
    const trickling = await open(path);
    const idle = await open(path);
    idle.write(PING);
    await once(idle, 'data');
    // The next byte to a connection that has ended is an error, and as good a sign as its end.
    trickling.on('error', () => undefined);
    const ended = Promise.all(
      [silent, trickling].map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))),
    );
    const timer = setInterval(() => trickling.write(Buffer.of(PING[0] as number, 0)), 20);
    await ended;
    clearInterval(timer);
    idle.write(PING);
    await once(idle, 'data');
  });

  it('ends a connection whose client never reads its replies', async () => {
    const { path } = await start({ message: 10_000, reply: 150 });
    const socket = await open(path);
    socket.write(
      message({ insert: 'c', $db: 'd' }, { name: 'documents', documents: [{ text: 'x'.repeat(2_000_000) }] }),
    );
    await once(socket, 'data');
    socket.pause();
    const ask = message({ find: 'c', $db: 'd' });
    for (let n = 0; n < 20; n++) socket.write(ask);
    // The socket notices its end only when it writes or reads; the server's own count tells.
    const client = await new MongoClient(
      `mongodb://${encodeURIComponent(path)}/?directConnection=true`,
    ).connect();
    closing.push(() => client.close());
    const ended = async () => {
      const { connections } = await client.db('d').command({ serverStatus: 1 });
      return connections.totalCreated - connections.current;
    };
    await expect.poll(ended).toBe(1);
  });

  it('lets small messages pass while large ones trickle in', async () => {
    const { path } = await start({ message: 500, reply: 10_000 });
    const head = Buffer.from(PING);
    head.writeInt32LE(48_000_000, 0);
    const hogs = await Promise.all(Array.from({ length: 20 }, () => open(path)));
    for (const hog of hogs) {
      hog.write(head);
      hog.write(Buffer.alloc(500_000));
    }
    await answers(path);
    // A large message waits for the hogs to be ended, and is then taken.
    const client = await new MongoClient(
      `mongodb://${encodeURIComponent(path)}/?directConnection=true`,
    ).connect();
    closing.push(() => client.close());
    const documents = Array.from({ length: 3 }, () => ({ text: 'y'.repeat(1_000_000) }));
    for (const hog of hogs.slice(3)) hog.destroy();
    expect((await client.db('d').collection('c').insertMany(documents)).insertedCount).toBe(3);
  });

  it('bounds the number of connections and serves those that it has', async () => {
    const { path } = await start();
    const first = await open(path);
    const crowd = await Promise.all(
      Array.from({ length: 2_000 }, () => {
        const socket = connect(path);
        socket.on('error', () => undefined);
        closing.push(async () => socket.destroy());
        return Promise.race([once(socket, 'connect'), once(socket, 'close')]).then(
          () => socket,
          () => socket,
        );
      }),
    );
    first.write(message({ serverStatus: 1, $db: 'admin' }));
    await once(first, 'data');
    await expect
      .poll(() => crowd.filter((socket) => socket.resume() && !socket.closed).length)
      .toBe(MAX_CONNECTIONS - 1);
    for (const socket of crowd) socket.destroy();
    await expect
      .poll(() =>
        answers(path).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });
});
