/**
 * `npm run compact`: gives the built-in database's free pages back to the disk, and makes indexes anew that do not agree with the
 * documents, while the bot is stopped.
 */
import { join } from 'node:path';
import { compactDatabase, takeLock } from '../../embedded/maintenance.ts';
import { asideName } from '../restore-backup.ts';
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
      const aside = asideName('compact', call.now);
      const { bytesBefore, bytesAfter, mended } = await compactDatabase(directory, aside);
      const sizes = `${megabytes(bytesBefore)} before, ${megabytes(bytesAfter)} now.`;
      if (mended.length === 0) return sizes;
      return `${sizes}\nIndexes did not agree with the documents and were made anew; the file as it was is kept as ${join(directory, aside)}. Found: ${mended.join('; ')}`;
    } finally {
      lock.release();
    }
  },
});
