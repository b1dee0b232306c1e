import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/embedded/index.ts';
import { wallContract } from '../contract/wall.ts';

wallContract('the embedded database', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'carillon-wall-'));
  const server = await startEmbedded({ directory, listen: { socket: true }, thread: 'inline' });
  return {
    uri: server.uri,
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
});

const uri = process.env.MONGODB_URI;
if (uri) wallContract('a MongoDB server', async () => ({ uri, stop: async () => undefined }));
