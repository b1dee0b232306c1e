/** `npm run simulators`: all networks and chats on this machine, to try the program without an account anywhere. */
import { parseArgs } from 'node:util';
import { PORTS_USED, shell, startSimulators } from './panel/start.ts';

const HELP = `npm run simulators [-- --port BASE]

Starts simulators of Facebook, Instagram, Pinterest, Tumblr and X, of Discord and of Telegram on this machine, and a page
that shows what is published, lets you talk to the bot, and breaks things: limits, faults, lost connections, withdrawn tokens.
Ctrl+C ends everything.

  --port BASE   the page's port, 4000 when left out; the simulators and the program take the ports up to BASE + ${PORTS_USED}
  --help        these words
`;
const PORT_MAX = 65_535 - PORTS_USED;

function readOptions(): { port: number } | { refused: string } | 'help' {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string', default: '4000' }, help: { type: 'boolean' } },
    });
    if (values.help) return 'help';
    const port = Number(values.port);
    if (Number.isInteger(port) && port >= 1 && port <= PORT_MAX) return { port };
    return { refused: `--port is “${values.port}”; possible is 1 to ${PORT_MAX}.` };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

const options = readOptions();
if (options === 'help') {
  console.log(HELP);
} else if ('refused' in options) {
  console.error(`${options.refused}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  await run(options.port);
}

async function run(port: number): Promise<void> {
  const simulators = await startSimulators(port).catch((error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE';
    const hint = isTaken ? 'Another program has it; choose others with --port BASE.' : '';
    console.error(`${error.message}\n${hint}`.trim());
    process.exit(1);
  });
  console.log(`${simulators.url} shows what is published, and breaks things.

Copy these lines into another terminal (or there: source <(curl -s ${simulators.url}/environment)), then npm start:

${shell(simulators.environment)}
To talk to it on the page, as in Discord and Telegram, and not in its terminal, these as well (or all of them at once:
source <(curl -s ${simulators.url}/environment/chats)):

${shell(simulators.chatEnvironment)}
Ctrl+C ends everything.`);
  const end = (): void => {
    simulators.stop().catch((error: unknown) => {
      console.error(String(error));
      process.exitCode = 1;
    });
  };
  process.once('SIGINT', end).once('SIGTERM', end);
}
