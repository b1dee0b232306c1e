// A client with the command events that a case asked to see, and the refusals among the server's answers.
import type {
  CommandFailedEvent,
  CommandStartedEvent,
  CommandSucceededEvent,
  Document,
  MongoClient,
} from 'mongodb';
import { NOT_SUPPORTED_ADVICE } from '../../../src/embedded/errors.ts';
import { driver, textOf } from './driver.ts';

type CommandEvent = CommandStartedEvent | CommandSucceededEvent | CommandFailedEvent;
type Kind = 'commandStartedEvent' | 'commandSucceededEvent' | 'commandFailedEvent';

export interface SeenEvent {
  kind: Kind;
  event: CommandEvent;
}

export interface ObservedClient {
  client: MongoClient;
  events: SeenEvent[];
  /** The server's words, each with the command that it refused. */
  refusals: string[];
}

const EMITTED: readonly [string, Kind][] = [
  ['commandStarted', 'commandStartedEvent'],
  ['commandSucceeded', 'commandSucceededEvent'],
  ['commandFailed', 'commandFailedEvent'],
];

/** Hidden unless a case asks to see them; hello only with credentials, when the driver leaves its fields out. */
const SENSITIVE =
  /^(?:authenticate|sasl(?:Start|Continue)|getnonce|createUser|updateUser|copydb(?:getnonce|saslstart|)?)$/i;
const HELLO = /^(?:hello|ismaster)$/i;

export async function connectObserved(uri: string, options: Document): Promise<ObservedClient> {
  const { uriOptions = {}, serverApi, observeEvents = [], ignoreCommandMonitoringEvents = [] } = options;
  const address = new URL(uri);
  for (const [name, value] of Object.entries(uriOptions)) address.searchParams.set(name, String(value));
  const client = new driver.MongoClient(address.href, {
    monitorCommands: true,
    ...(serverApi && { serverApi }),
  });
  const observed: ObservedClient = { client, events: [], refusals: [] };
  for (const [name, kind] of EMITTED) {
    client.on(name as 'commandStarted', (event: CommandEvent) => {
      const refusal = refusalIn(
        'failure' in event ? event.failure : 'reply' in event ? event.reply : undefined,
      );
      if (refusal) observed.refusals.push(`${event.commandName}: ${refusal}`);
      const isWanted =
        observeEvents.includes(kind) && !ignoreCommandMonitoringEvents.includes(event.commandName);
      if (isWanted && (options.observeSensitiveCommands || !isSensitive(event)))
        observed.events.push({ kind, event });
    });
  }
  await client.connect();
  return observed;
}

function isSensitive(event: CommandEvent): boolean {
  if (SENSITIVE.test(event.commandName)) return true;
  const content = 'command' in event ? event.command : 'reply' in event ? event.reply : undefined;
  return HELLO.test(event.commandName) && Object.keys(content ?? {}).length === 0;
}

/** The words of a refusal in an error or in a reply with write errors. */
export function refusalIn(answer: unknown): string | undefined {
  const text = answer instanceof Error ? answer.message : textOf(answer ?? null);
  return text?.includes(NOT_SUPPORTED_ADVICE) ? text : undefined;
}
