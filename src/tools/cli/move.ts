/** `npm run move -- mongodb://…`: everything to a MongoDB server, or with --back from it into the data folder. */
import { maskAddress } from '../../stores/index.ts';
import { type MoveResult, moveBack, moveOut } from '../move.ts';
import { type Call, damagedLine, runTool } from './run-tool.ts';

await runTool({
  usage:
    'usage: npm run move -- mongodb://HOST/DATABASE            from the data folder (DATA_DIR) to a server\n' +
    '       npm run move -- --back mongodb://HOST/DATABASE     from a server to the data folder; --force keeps what is there aside',
  argument: 'mongodb://HOST/DATABASE',
  flags: ['back', 'force'],
  async run(call) {
    const uri = call.argument;
    return call.flags.has('back')
      ? saidOfMoveBack(call, await moveBack({ ...call, uri, force: call.flags.has('force') }))
      : saidOfMoveOut(call, await moveOut({ ...call, uri }));
  },
});

function saidOfMoveOut({ argument, dataDirectory }: Call, result: MoveResult): string {
  return (
    `${summary(result)}\nThe bot uses them with MONGODB_URI=${maskAddress(argument)} (and SECRETS_KEY). The data in ${dataDirectory} stay as they are: ` +
    'do not start a bot on them again, or posts would go out twice.'
  );
}

function saidOfMoveBack({ dataDirectory }: Call, result: MoveResult): string {
  return (
    `${summary(result)}\nThe bot uses them from ${dataDirectory} when MONGODB_URI is not set.` +
    `${result.aside ? ` The database that was there is kept as ${result.aside}.` : ''} ` +
    'The data on the server stay as they are: do not start a bot on them again, or posts would go out twice.'
  );
}

function summary({ collections, media, damaged }: MoveResult): string {
  const lines = collections.map(
    ({ name, digest, indexes }) => `  ${name}: ${digest.documents} documents, ${indexes + 1} indexes`,
  );
  return ['Moved, counted and compared:', ...lines, `  media: ${media}`].join('\n') + damagedLine(damaged);
}
