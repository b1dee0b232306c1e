/** Two MongoDB drivers side by side would give two kinds of ObjectId and two connections. */
import { readFileSync } from 'node:fs';
import mongodb from 'mongodb';
import mongoose from 'mongoose';
import { expect, it } from 'vitest';

it('one MongoDB driver is installed', () => {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, unknown>;
  };
  expect(Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/mongodb'))).toEqual([
    'node_modules/mongodb',
  ]);
  expect(mongoose.mongo.Db).toBe(mongodb.Db);
});
