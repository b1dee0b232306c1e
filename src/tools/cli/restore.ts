/** `npm run restore -- FILE`: a backup back into the data folder, while the bot is stopped. */
import { resolve } from 'node:path';
import { restoreBackup } from '../restore-backup.ts';
import { damagedLine, refuseServer, runTool } from './run-tool.ts';

await runTool({
  usage:
    'usage: npm run restore -- FILE [--force]   (--force: also where a database is; it is kept aside. The data folder is DATA_DIR)',
  argument: 'FILE',
  flags: ['force'],
  async run(call) {
    refuseServer(
      call,
      'unset it to restore into the data folder; `npm run move` brings the result to the server',
    );
    const restored = await restoreBackup({
      ...call,
      file: resolve(call.argument),
      force: call.flags.has('force'),
    });
    const documents = restored.collections.reduce((sum, each) => sum + each.documents, 0);
    return (
      `Restored into ${call.dataDirectory}: the state of ${restored.createdAt}, ${documents} documents, ${restored.media.files} media. ` +
      `${restored.aside ? `The database that was there is kept as ${restored.aside}. ` : ''}` +
      'What was published since then is not known to it: start it once with SCHEDULER_LATE_LIMIT=60, then posts that came due meanwhile ' +
      `ask before they go out.${damagedLine(restored.damaged)}`
    );
  },
});
