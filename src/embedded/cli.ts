// `npm run database -- --port 27099 --data DIR`: the store alone on loopback, for mongosh, Compass and test suites.
import { parseArgs } from 'node:util';
import { startEmbedded } from './index.ts';

const USAGE = `usage: npm run database -- [--port PORT] [--data DIR]
  --port PORT   port on 127.0.0.1; 0 takes a free one (default 27099)
  --data DIR    folder of the database, which no other process may have open: stop the bot first (default ./data/database)
Prints the address for mongosh, Compass or any driver, and runs until Ctrl+C or SIGTERM. There is no password: every user of
this machine can reach it.`;
const DEFAULT_PORT = '27099';
const DEFAULT_DIRECTORY = './data/database';
const LARGEST_PORT = 65_535;
const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/** Called wrongly: the usage is told as well. */
class UsageFault extends Error {}

function readArguments(): { port: number; directory: string } | 'help' {
  const options = {
    port: { type: 'string', default: DEFAULT_PORT },
    data: { type: 'string', default: DEFAULT_DIRECTORY },
    help: { type: 'boolean' },
  } as const;
  let values: { port: string; data: string; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new UsageFault((error as Error).message, { cause: error });
  }
  if (values.help) return 'help';
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > LARGEST_PORT)
    throw new UsageFault(`--port is "${values.port}", possible 0 to ${LARGEST_PORT}`);
  return { port, directory: values.data };
}

async function main(): Promise<void> {
  const given = readArguments();
  if (given === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const database = await startEmbedded({
    directory: given.directory,
    listen: { port: given.port },
    onFault: (error) =>
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
    onCrash: (error) => {
      process.stderr.write(`the database ended: ${error.message}\n`);
      process.exitCode = EXIT_REFUSED;
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
  const isUsage = error instanceof UsageFault;
  const words = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${words}\n${isUsage ? `${USAGE}\n` : ''}`);
  process.exit(isUsage ? EXIT_USAGE : EXIT_REFUSED);
}

main().catch(fail);
