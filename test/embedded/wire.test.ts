// Bytes that no driver sends: lengths that lie, cut connections, unread replies. The server answers,
// or closes that one connection, and goes on serving the others.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../../src/embedded/codec.ts';
import { frameReply, messageLength, ProtocolError, parseMessage } from '../../src/embedded/wire.ts';
import { type Running, startForTest } from './harness.ts';
import { message, PING } from './wire-fuzz/messages.ts';

let running: Running;
let path: string;

beforeAll(async () => {
  running = await startForTest();
  path = decodeURIComponent(new URL(running.database.uri).host);
});
beforeEach(async () => {
  await running.client.db('test').command({ ping: 1 });
});
afterAll(async () => {
  await running.client.db('test').command({ ping: 1 });
  await running.stop();
});

async function open(): Promise<Socket> {
  const socket = connect(path);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Whether the server closes the connection, or answers. */
async function reaction(socket: Socket): Promise<'closed' | 'answered'> {
  const outcome = await Promise.race([
    once(socket, 'data').then(() => 'answered' as const),
    once(socket, 'close').then(() => 'closed' as const),
  ]);
  socket.destroy();
  return outcome;
}

describe('parsing', () => {
  it('reads body, sequences and the flag for unanswered messages', () => {
    const bytes = message({ insert: 'c', $db: 'd' }, { name: 'documents', documents: [{ a: 1 }, { a: 2 }] });
    bytes.writeUInt32LE(2, 16);
    const parsed = parseMessage(bytes);
    expect(parsed).toMatchObject({ requestId: 7, kind: 'message', unanswered: true });
    expect(parsed.sequences.get('documents')).toHaveLength(2);
  });

  it('frames replies so that they can be parsed', () => {
    const reply = Buffer.concat(frameReply({ requestId: 9, kind: 'message' }, 1, encode({ ok: 1 })));
    expect(messageLength(reply)).toBe(reply.length);
    expect(reply.readInt32LE(8)).toBe(9);
  });

  it.each([
    ['a length below the header', (bytes: Buffer) => bytes.writeInt32LE(15, 0)],
    ['a negative length', (bytes: Buffer) => bytes.writeInt32LE(-5, 0)],
    ['a length of 2 GB', (bytes: Buffer) => bytes.writeInt32LE(0x7fffffff, 0)],
  ])('refuses %s', (_what, spoil) => {
    const bytes = Buffer.from(PING);
    spoil(bytes);
    expect(() => messageLength(bytes)).toThrow(ProtocolError);
  });

  it.each([
    ['an unknown operation', (bytes: Buffer) => bytes.writeInt32LE(2012, 12)],
    ['an unknown required flag', (bytes: Buffer) => bytes.writeUInt32LE(4, 16)],
    ['an unknown section kind', (bytes: Buffer) => bytes.writeUInt8(9, 20)],
    ['a document longer than its message', (bytes: Buffer) => bytes.writeInt32LE(1000, 21)],
    ['a document of negative length', (bytes: Buffer) => bytes.writeInt32LE(-1, 21)],
    ['a document without its end', (bytes: Buffer) => bytes.writeUInt8(1, bytes.length - 1)],
  ])('refuses %s', (_what, spoil) => {
    const bytes = Buffer.from(PING);
    spoil(bytes);
    expect(() => parseMessage(bytes)).toThrow(ProtocolError);
  });
});

describe('the server', () => {
  it('closes a connection whose length lies, and no other', async () => {
    const socket = await open();
    socket.write(Buffer.of(0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0));
    expect(await reaction(socket)).toBe('closed');
  });

  it('puts together a message that arrives byte by byte', async () => {
    const socket = await open();
    for (const byte of PING) socket.write(Buffer.of(byte));
    expect(await reaction(socket)).toBe('answered');
  });

  it('answers several messages in one packet, in order', async () => {
    const socket = await open();
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write(Buffer.concat([PING, PING, PING]));
    await expect.poll(() => countReplies(Buffer.concat(chunks))).toBe(3);
    socket.destroy();
  });

  it('answers BSON that is broken inside with an error', async () => {
    const socket = await open();
    const bytes = Buffer.from(message({ ping: 1, text: 'abc', $db: 'admin' }));
    bytes.writeInt32LE(1000, bytes.indexOf('text') + 5);
    socket.write(bytes);
    expect(await reaction(socket)).toBe('answered');
  });

  it('survives deep nesting and huge arrays', async () => {
    let deep: Record<string, unknown> = { a: 1 };
    const socket = await open();
    const body = (filter: unknown) => ({ find: 'c', filter, $db: 'test' });
    for (let level = 0; level < 190; level++) deep = { a: deep };
    socket.write(message(body(deep)));
    socket.write(message(body({ n: { $in: Array.from({ length: 200_000 }, (_, n) => n) } })));
    expect(await reaction(socket)).toBe('answered');
    // 20,000 levels, made by hand: an encoder would refuse them.
    const open20k = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.of(0, 0, 0, 0, 3, 0x61, 0)));
    const hand = Buffer.concat([open20k, Buffer.of(5, 0, 0, 0, 0), Buffer.alloc(20_000)]);
    for (let level = 0; level < 20_000; level++) hand.writeInt32LE(hand.length - level * 8, level * 7);
    const second = await open();
    const head = Buffer.alloc(21);
    head.writeInt32LE(hand.length + 21, 0);
    head.writeInt32LE(2013, 12);
    second.write(Buffer.concat([head, hand]));
    expect(['answered', 'closed']).toContain(await reaction(second));
  });

  it('does not mind connections that are cut in the middle of a message', async () => {
    for (let cut = 1; cut < PING.length; cut += 3) {
      const socket = await open();
      socket.write(PING.subarray(0, cut));
      socket.destroy();
    }
    await expect
      .poll(
        async () =>
          (await running.client.db('test').command({ serverStatus: 1 })).connections.current as number,
      )
      .toBeLessThan(10);
  });

  it('stops reading from a client that does not read its replies', async () => {
    const c = running.client.db('test').collection('large');
    await c.insertMany(Array.from({ length: 10 }, () => ({ text: 'x'.repeat(1_000_000) })));
    const greedy = await open();
    greedy.pause();
    const ask = message({ find: 'large', filter: {}, $db: 'test' });
    for (let n = 0; n < 50; n++) greedy.write(ask);
    expect(await c.countDocuments({})).toBe(10);
    greedy.destroy();
  });
});

function countReplies(bytes: Buffer): number {
  let replies = 0;
  for (let position = 0; position + 4 <= bytes.length; position += bytes.readInt32LE(position)) replies += 1;
  return replies;
}
