// Where any local user can reach the port (loopback on Windows), a client must prove the secret of this start.
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Service, startService } from '../../src/embedded/service.ts';
import { temporaryDirectory } from './harness.ts';

const SECRET = 'the-secret_of.this-start';
let directory: string;
let service: Service;

beforeAll(async () => {
  directory = temporaryDirectory();
  service = await startService(
    { directory, address: { host: '127.0.0.1', port: 0 }, secret: SECRET },
    () => undefined,
  );
});
afterAll(async () => {
  await service.close();
  rmSync(directory, { recursive: true });
});

const connect = (credentials: string) =>
  new MongoClient(
    `mongodb://${credentials}127.0.0.1:${service.port}/?directConnection=true&authMechanism=${credentials ? 'SCRAM-SHA-256' : 'DEFAULT'}`,
    {
      serverSelectionTimeoutMS: 1_000,
    },
  );

it('lets the holder of the secret in', async () => {
  const client = connect(`embedded:${SECRET}@`);
  await client.db('t').collection('c').insertOne({ a: 1 });
  expect(await client.db('t').collection('c').countDocuments({ a: 1 })).toBe(1);
  await client.close();
});

it.each([`embedded:wrong@`, `root:${SECRET}@`])('refuses %s', async (credentials) => {
  const client = connect(credentials);
  await expect(client.connect()).rejects.toMatchObject({ code: 18 });
  await client.close();
});

it('runs no command without a proof', async () => {
  const client = new MongoClient(`mongodb://127.0.0.1:${service.port}/?directConnection=true`);
  await expect(client.db('t').collection('c').findOne({})).rejects.toMatchObject({ code: 13 });
  await client.close();
});
