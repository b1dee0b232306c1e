/**
 * A Discord for tests: a real HTTP and WebSocket server with people, channels and messages, as strict as Discord's own
 * description, to which the real client library connects.
 *
 * const discord = await startDiscordSimulator();
 * … connect the bot with { apiUrl: discord.url, token: discord.token } …
 * const sight = await discord.people.slash('schedule', { when: 'tomorrow 9:00', text: 'Hello' });
 * expect(sight.text).toContain('Scheduled');
 * await discord.people.press(sight.message, 'Cancel');
 * await discord.stop();   // throws when the bot has broken one of Discord's rules meanwhile
 */
import { Faults } from './faults.ts';
import { SimGateway } from './gateway.ts';
import { SimInteractions } from './interactions.ts';
import { People } from './people.ts';
import { operations } from './routes.ts';
import { type LoggedRequest, startHttp } from './server.ts';
import { type SeenMessage, seenMessage } from './view.ts';
import { type SimChannel, type SimUser, World } from './world.ts';

export { hasDescription } from './schema.ts';
export type { Sight } from './sight.ts';
export type { SeenButton, SeenForm, SeenMessage } from './view.ts';
export type { SimChannel, SimGuild, SimUser } from './world.ts';

export interface DiscordSimulatorOptions {
  /** A free one unless said. */
  readonly port?: number;
  /** Ada and where she is have the same ids after each start, so that a program that has kept them knows her again. */
  readonly lastingIds?: boolean;
  readonly token?: string;
  /** Milliseconds for the first answer to an interaction; Discord's 3 seconds unless said. */
  readonly ackWindow?: number;
  /** Milliseconds that an interaction's token lives; Discord's 15 minutes unless said. */
  readonly tokenLife?: number;
  /** Milliseconds between heartbeats. */
  readonly heartbeat?: number;
  /** Milliseconds that people and `until` wait. */
  readonly patience?: number;
}

export interface DiscordSimulator {
  /** Scheme, host and port, as for DISCORD_API_URL. */
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly people: People;
  readonly gateway: SimGateway;
  readonly faults: Faults;
  /** Ada in #posts of a server that has invited the bot: where people act unless said otherwise. */
  readonly home: { readonly user: SimUser; readonly channel: SimChannel };
  readonly requests: readonly LoggedRequest[];
  /** Bodies that broke a rule of Discord; a test that provokes them empties the list. */
  readonly violations: string[];
  /** The messages that everybody in a channel sees, oldest first. */
  messages(channel?: SimChannel): readonly SeenMessage[];
  /** Waits for a condition, looking after every change of the world. */
  until<Value>(what: string, condition: () => Value | undefined | false): Promise<Value>;
  /** Waits until the bot is connected and its commands are there. */
  ready(): Promise<void>;
  /** Ends the servers; throws when a rule was broken. */
  stop(): Promise<void>;
}

export async function startDiscordSimulator(
  options: DiscordSimulatorOptions = {},
): Promise<DiscordSimulator> {
  const {
    port = 0,
    lastingIds = false,
    token = 'MTA.simulated.token',
    ackWindow = 3000,
    tokenLife = 900_000,
    heartbeat = 41_250,
    patience = 8000,
  } = options;
  const world = new World();
  const faults = new Faults();
  const interactions = new SimInteractions(world, { ackWindow, tokenLife });
  const webSocketUrl = (): string => http.url.replace('http', 'ws');
  const served = operations({ world, interactions, webSocketUrl });
  const http = await startHttp({ port, world, faults, token, operations: served });
  const gateway = new SimGateway({ world, token, url: webSocketUrl, heartbeat });
  http.server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  const home = homeIn(world, lastingIds ? ['1001', '1002', '1003'] : []);
  const people = new People({ world, gateway, interactions, home, url: http.url, patience });
  const until: DiscordSimulator['until'] = (what, condition) => world.until(what, condition, patience);

  return {
    url: http.url,
    token,
    world,
    people,
    gateway,
    faults,
    home,
    requests: http.requests,
    violations: http.violations,
    until,
    messages: (channel = home.channel) =>
      world.messages
        .filter((message) => message.channel === channel && !message.deleted && !message.onlyFor)
        .map(seenMessage),
    async ready() {
      await until(
        'the bot to be connected, with its commands',
        () => gateway.connected && world.commands.length > 0,
      );
    },
    async stop() {
      interactions.stop();
      gateway.stop();
      await new Promise((resolve) => {
        http.server.close(resolve);
        http.server.closeAllConnections();
      });
      if (http.violations.length > 0) {
        throw new Error(`Rules of Discord were broken:\n${http.violations.join('\n')}`);
      }
    },
  };
}

function homeIn(world: World, [user, guild, channel]: readonly string[]): DiscordSimulator['home'] {
  const place = { guild: world.guild('Bell Tower', true, guild), ...(channel ? { id: channel } : {}) };
  return { user: world.user('Ada', user), channel: world.channel('posts', place) };
}
