// Commands and answers that the other tests have no reason to look at, through the driver.
import { type Document, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useStore } from '../use-store.ts';

const store = useStore('commands');
const { fresh } = store;

describe('commands of shells, sessions and cursors', () => {
  it.each([
    [{ buildInfo: 1 }, { version: '7.0.0', versionArray: [7, 0, 0, 0] }],
    [{ isMaster: 1 }, { ismaster: true, maxWireVersion: 21 }],
    [{ ismaster: 1 }, { ismaster: true, maxBsonObjectSize: 16_777_216 }],
    [{ hello: 1 }, { isWritablePrimary: true, readOnly: false }],
    [
      { connectionStatus: 1, showPrivileges: true },
      { authInfo: { authenticatedUsers: [], authenticatedUserPrivileges: [] } },
    ],
    [{ getCmdLineOpts: 1 }, { argv: [] }],
    [{ getLog: 'startupWarnings' }, { log: [] }],
    [
      { getParameter: 1, featureCompatibilityVersion: 1 },
      { featureCompatibilityVersion: { version: '7.0' } },
    ],
    [{ hostInfo: 1 }, { system: { cpuAddrSize: 64 } }],
    [{ whatsmyuri: 1 }, { you: expect.stringContaining('local:') }],
    [{ refreshSessions: [] }, { ok: 1 }],
  ])('%j', async (command, expected) => {
    expect(await store.db.command(command)).toMatchObject(expected);
  });

  it('authentication is refused where no secret is asked for', async () => {
    const payload = Buffer.from('n,,n=x,r=y');
    await expect(
      store.db.command({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload }),
    ).rejects.toMatchObject({
      code: 18,
    });
    await expect(store.db.command({ saslContinue: 1, conversationId: 1, payload })).rejects.toMatchObject({
      code: 17,
    });
  });

  it('getMore goes on, killCursors and the end of a session end it', async () => {
    const c = fresh();
    await c.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const name = c.collectionName;
    const open = async (more: Document = {}): Promise<Long> =>
      Long.fromBigInt(
        BigInt(String((await store.db.command({ find: name, batchSize: 2, ...more })).cursor.id)),
      );
    const id = await open();
    expect(
      (await store.db.command({ getMore: id, collection: name, batchSize: 3 })).cursor.nextBatch,
    ).toHaveLength(3);
    expect(await store.db.command({ killCursors: name, cursors: [id, Long.fromNumber(5)] })).toMatchObject({
      cursorsKilled: [id],
      cursorsNotFound: [5],
    });
    await expect(store.db.command({ getMore: id, collection: name })).rejects.toMatchObject({ code: 43 });
    for (const ending of ['endSessions', 'killSessions']) {
      const session = store.client.startSession();
      const other = await store.db.command({ find: name, batchSize: 2 }, { session });
      await store.db.command({ [ending]: [session.id] });
      await expect(store.db.command({ getMore: other.cursor.id, collection: name })).rejects.toThrow();
      await session.endSession();
    }
  });

  it('findAndModify, dropIndexes and renameCollection do what they say', async () => {
    const c = fresh();
    const name = c.collectionName;
    await c.insertMany([{ n: 1 }, { n: 2 }]);
    await c.createIndex({ n: 1 });
    const change = {
      query: { n: { $gt: 0 } },
      sort: { n: -1 },
      update: { $inc: { n: 5 } },
      new: true,
      fields: { n: 1, _id: 0 },
    };
    expect((await store.db.command({ findAndModify: name, ...change })).value).toEqual({ n: 7 });
    expect(await store.db.command({ dropIndexes: name, index: { n: 1 } })).toMatchObject({ nIndexesWas: 2 });
    await expect(store.db.command({ dropIndexes: name, index: '_id_' })).rejects.toMatchObject({ code: 72 });
    const admin = store.client.db('admin');
    await admin.command({ renameCollection: `commands.${name}`, to: `commands.${name}x` });
    expect(await store.db.collection(`${name}x`).countDocuments()).toBe(2);
    await expect(
      admin.command({ renameCollection: `commands.${name}`, to: 'commands.y' }),
    ).rejects.toMatchObject({ code: 26 });
  });
});

describe('the constants of an update', () => {
  it('are values, and only a pipeline has some', async () => {
    const c = fresh();
    await c.insertOne({ n: 1 });
    const run = (u: unknown, more: object) =>
      store.db.command({ update: c.collectionName, updates: [{ q: {}, u, ...more }] });
    const constants = { path: '$n', sum: { $add: [1, 2] } };
    await run([{ $set: { path: '$$path', sum: '$$sum' } }], { c: constants });
    expect(await c.findOne({})).toMatchObject(constants);
    expect(await run({ $set: { n: 2 } }, { c: {} })).toMatchObject({ writeErrors: [{ code: 51198 }] });
    for (const field of ['c', 'collation', 'q'])
      await expect(run([{ $set: { n: 2 } }], { [field]: 5 })).rejects.toMatchObject({
        code: 14,
        message: `BSON field 'update.updates.${field}' is the wrong type 'int', expected type 'object'`,
      });
  });
});
