/** `npm run compact`: gives the built-in database's free pages back to the disk, while the bot is stopped. */
import { join } from 'node:path';
import { compactDatabase, takeLock } from '../../embedded/maintenance.ts';
import { megabytes, refuseServer, runTool } from './run-tool.ts';

await runTool({
  usage: 'usage: npm run compact   (the data folder is DATA_DIR)',
  flags: [],
  async run(call) {
    refuseServer(call, 'that server compacts by itself');
    const directory = join(call.dataDirectory, 'database');
    const lock = takeLock(directory);
    try {
      call.progress('writing the database anew');
      const { bytesBefore, bytesAfter } = await compactDatabase(directory);
      return `${megabytes(bytesBefore)} before, ${megabytes(bytesAfter)} now.`;
    } finally {
      lock.release();
    }
  },
});
