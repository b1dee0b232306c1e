/** `npm run backup -- FILE`: the data folder into one file, while the bot runs or not. */
import { resolve } from 'node:path';
import { createBackup } from '../create-backup.ts';
import { damagedLine, megabytes, refuseServer, runTool } from './run-tool.ts';

await runTool({
  usage: 'usage: npm run backup -- FILE [--force]   (--force replaces FILE; the data folder is DATA_DIR)',
  argument: 'FILE',
  flags: ['force'],
  async run(call) {
    refuseServer(call, "back it up with MongoDB's mongodump");
    const file = resolve(call.argument);
    const { collections, media, damaged } = await createBackup({
      ...call,
      file,
      force: call.flags.has('force'),
    });
    const documents = collections.reduce((sum, each) => sum + each.documents, 0);
    return (
      `${file} is complete and was read again: ${documents} documents in ${collections.length} collections, ` +
      `${media.files} media (${megabytes(media.bytes)}). Keep it as safe as the data folder: it is not encrypted.${damagedLine(damaged)}`
    );
  },
});
