/**
 * Hostile messages on many connections, while another client is served: the server answers each with a result, an error of
 * MongoDB's kind or by closing the connection, and its owner hears of no fault.
 * EMBEDDED_WIRE_CASES=100000 npx vitest run test/embedded/wire-fuzz makes the long run; EMBEDDED_WIRE_SEED takes another seed.
 */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startForTest } from '../harness.ts';
import { MessageGenerator } from './generate.ts';
import { PING } from './messages.ts';

const CASES = Number(process.env.EMBEDDED_WIRE_CASES ?? 1_500);
const SEED = Number(process.env.EMBEDDED_WIRE_SEED ?? 1);
const CONNECTIONS = 10;
const MILLISECONDS_PER_CASE = 20;

let running: Running;
let path: string;
beforeAll(async () => {
  running = await startForTest();
  path = decodeURIComponent(new URL(running.database.uri).host);
});
afterAll(() => running.stop());

/** Sends the bytes and a ping behind them, and waits until the server has done with both. */
function send(bytes: Buffer): Promise<'answered' | 'closed'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let outcome: 'answered' | 'closed' = 'closed';
    socket.on('data', () => {
      outcome = 'answered';
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(outcome));
    socket.end(Buffer.concat([bytes, PING]));
  });
}

it(`outlives ${CASES} hostile messages`, { timeout: 15_000 + CASES * MILLISECONDS_PER_CASE }, async () => {
  const generator = new MessageGenerator(SEED);
  const outcomes = { answered: 0, closed: 0 };
  let left = CASES;
  const attacker = async () => {
    while (left-- > 0 && running.faults.length === 0) {
      const bytes = generator.any();
      outcomes[await send(bytes)] += 1;
      if (running.faults.length > 0) console.log(bytes.toString('latin1'));
    }
  };
  let served = 0;
  let slowest = 0;
  const honest = async () => {
    const c = running.client.db('honest').collection<{ _id: number }>('c');
    for (; left > 0 && running.faults.length === 0; served++) {
      const begun = performance.now();
      await c.insertOne({ _id: served });
      expect(await c.findOne({ _id: served })).toEqual({ _id: served });
      slowest = Math.max(slowest, performance.now() - begun);
    }
  };
  await Promise.all([honest(), ...Array.from({ length: CONNECTIONS }, attacker)]);
  expect(running.faults.map((fault) => (fault instanceof Error ? fault.stack : fault))).toEqual([]);
  expect(served).toBeGreaterThan(0);
  expect(outcomes.answered).toBeGreaterThan(CASES / 3);
  for (const { name } of await running.client.db('wirefuzz').listCollections().toArray()) {
    expect(await running.client.db('wirefuzz').command({ validate: name })).toMatchObject({ errors: [] });
  }
  if (CASES > 10_000) console.log({ ...outcomes, served, slowestMilliseconds: Math.round(slowest) });
});
