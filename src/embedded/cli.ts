// `npm run database -- --port 27099 --data DIR`: the store alone on loopback, for mongosh, Compass and test suites.
import { parseArgs } from 'node:util';
import { startEmbedded } from './index.ts';

const USAGE =
  'usage: npm run database -- --port PORT --data DIR   (port 0 takes a free one; defaults: 27099, ./data/database)';
const DEFAULT_PORT = '27099';
const DEFAULT_DIRECTORY = './data/database';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      data: { type: 'string', default: DEFAULT_DIRECTORY },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port is "${values.port}", possible 0 to 65535`);
  const database = await startEmbedded({
    directory: values.data,
    listen: { port },
    onFault: (error) =>
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
    onCrash: (error) => {
      process.stderr.write(`the database ended: ${error.message}\n`);
      process.exitCode = 1;
    },
  });
  process.stdout.write(`${database.uri}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      database.stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(1);
}

main().catch(fail);
