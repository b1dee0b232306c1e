// Mongoose models against the store: indexes made by itself, populate, arrays, time stamps, upserts, hooks.
import mongoose, { type Connection, Schema, type Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startForTest } from './harness.ts';

let running: Running;
let connection: Connection;

interface Account {
  handle: string;
  network: string;
}
interface Target {
  account: Types.ObjectId;
  state: string;
  attempts: number;
}
interface Post {
  workspace: string;
  text: string;
  tags: string[];
  targets: Target[];
  counts: Map<string, number>;
  createdAt: Date;
  updatedAt: Date;
}

const accountSchema = new Schema<Account>({
  handle: { type: String, unique: true },
  network: { type: String, index: true },
});
const postSchema = new Schema<Post>(
  {
    workspace: { type: String, required: true },
    text: String,
    tags: [String],
    targets: [
      {
        account: { type: Schema.Types.ObjectId, ref: 'Account' },
        state: { type: String, default: 'scheduled' },
        attempts: { type: Number, default: 0 },
      },
    ],
    counts: { type: Map, of: Number, default: {} },
  },
  { timestamps: true },
);
postSchema.index({ workspace: 1, createdAt: -1 });

beforeAll(async () => {
  running = await startForTest();
  connection = await mongoose.createConnection(running.database.uri, { dbName: 'models' }).asPromise();
});
afterAll(async () => {
  await connection.close();
  expect(running.faults).toEqual([]);
  await running.stop();
});

describe('models', () => {
  it('make their collections and indexes, and find them equal later', async () => {
    const Accounts = connection.model('Account', accountSchema);
    await Accounts.init();
    expect((await Accounts.listIndexes()).map((index) => index.name)).toEqual([
      '_id_',
      'handle_1',
      'network_1',
    ]);
    expect(await Accounts.diffIndexes()).toEqual({ toDrop: [], toCreate: [] });
    await Accounts.create({ handle: '@a', network: 'x' });
    await expect(Accounts.create({ handle: '@a', network: 'x' })).rejects.toMatchObject({
      code: 11000,
      keyValue: { handle: '@a' },
    });
  });

  it('save, version and stamp documents, and change their arrays', async () => {
    const Posts = connection.model('Post', postSchema);
    await Posts.init();
    const [first, second] = await connection.model('Account', accountSchema).create([
      { handle: '@b', network: 'x' },
      { handle: '@c', network: 'tumblr' },
    ]);
    const post = await new Posts({
      workspace: 'w',
      text: 'hello',
      tags: ['a'],
      targets: [{ account: first?._id }, { account: second?._id }],
    }).save();
    expect(post.createdAt).toBeInstanceOf(Date);
    post.tags.push('b', 'c');
    post.targets[1]!.state = 'sent';
    post.counts.set('likes', 3);
    await post.save();
    const stale = await Posts.findById(post._id).orFail();
    post.set(
      'tags',
      post.tags.filter((tag) => tag !== 'a'),
    );
    await post.save();
    stale.tags.splice(0, 1);
    await expect(stale.save()).rejects.toMatchObject({ name: 'VersionError' });

    const read = await Posts.findOne({ 'targets.state': 'sent' })
      .populate<{ targets: { account: Account }[] }>('targets.account')
      .orFail();
    expect(read.targets.map(({ account }) => account.handle)).toEqual(['@b', '@c']);
    expect([...read.tags]).toEqual(['b', 'c']);
    expect(read.counts.get('likes')).toBe(3);
    expect(read.updatedAt.getTime()).toBeGreaterThanOrEqual(read.createdAt.getTime());
  });

  it('update elements by position and by filter, with time stamps', async () => {
    const Posts = connection.model('Post', postSchema);
    const account = new mongoose.Types.ObjectId();
    const { _id } = await new Posts({
      workspace: 'w2',
      targets: [
        { account, state: 'sending' },
        { account, state: 'waiting' },
      ],
    }).save();
    await Posts.updateOne(
      { _id, 'targets.state': 'sending' },
      { $set: { 'targets.$.state': 'sent' }, $inc: { 'targets.$.attempts': 1 } },
    );
    await Posts.updateOne(
      { _id },
      { $set: { 'targets.$[open].state': 'cancelled' } },
      { arrayFilters: [{ 'open.state': 'waiting' }] },
    );
    const read = await Posts.findById(_id).lean().orFail();
    expect(read.targets.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['sent', 1],
      ['cancelled', 0],
    ]);
  });

  it('upsert and find-and-update with defaults', async () => {
    const Posts = connection.model('Post', postSchema);
    const made = await Posts.findOneAndUpdate(
      { workspace: 'upserted' },
      { $set: { text: 'one' } },
      { upsert: true, returnDocument: 'after', setDefaultsOnInsert: true },
    );
    expect(made).toMatchObject({ workspace: 'upserted', text: 'one' });
    const again = await Posts.findOneAndUpdate(
      { workspace: 'upserted' },
      { text: 'two' },
      { upsert: true, returnDocument: 'after' },
    );
    expect(String(again?._id)).toBe(String(made?._id));
    expect(await Posts.countDocuments({ workspace: 'upserted' })).toBe(1);
    expect(await Posts.exists({ workspace: 'nobody' })).toBeNull();
    expect(await Posts.distinct('workspace', { text: 'two' })).toEqual(['upserted']);
  });

  it('walk a query by cursor and write in bulk', async () => {
    const Posts = connection.model('Post', postSchema);
    await Posts.insertMany(Array.from({ length: 250 }, (_, n) => ({ workspace: 'bulk', text: `${n}` })));
    let walked = 0;
    for await (const post of Posts.find({ workspace: 'bulk' })
      .sort({ createdAt: -1, text: 1 })
      .cursor({ batchSize: 40 })) {
      expect(post.workspace).toBe('bulk');
      walked += 1;
    }
    expect(walked).toBe(250);
    const result = await Posts.bulkWrite([
      {
        updateMany: {
          filter: { workspace: 'bulk', text: { $in: ['1', '2'] } },
          update: { $addToSet: { tags: 'seen' } },
        },
      },
      { deleteMany: { filter: { workspace: 'bulk', text: { $regex: '^9' } } } },
    ]);
    expect(result).toMatchObject({ modifiedCount: 2, deletedCount: 11 });
  });
});
