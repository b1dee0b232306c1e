import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/embedded/index.ts';
import { storesContract } from '../contract/stores.ts';

storesContract('the embedded database', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-stores-'));
  const server = await startEmbedded({ directory, listen: { socket: true }, thread: 'inline' });
  return {
    uri: server.uri,
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
});
