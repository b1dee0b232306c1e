import { describe, it } from 'vitest';
import { storesContract } from '../contract/stores.ts';

const uri = process.env.MONGODB_URI;

if (uri) storesContract('a MongoDB server', async () => ({ uri, stop: async () => undefined }));
else {
  describe('stores on a MongoDB server', () => {
    it.skip('runs when MONGODB_URI is set', () => undefined);
  });
}
