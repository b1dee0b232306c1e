/**
 * A Telegram of our own for tests: a real HTTP server that answers as the Bot API does, with state and faults.
 *
 *     const telegram = await startTelegramSimulator();
 *     const anna = telegram.user('Anna');
 *     anna.say('/help');
 *     await anna.chat.waitForMessage('Commands');
 *     const team = telegram.group('Team');
 *     anna.in(team).sendAlbum([{}, {}], { caption: '/post Hello' });
 *     await telegram.stop();   // throws when a request broke a rule
 */
import { type MessageMatcher, type SeenMessage, SimulatedChat } from './chat.ts';
import { Delivery } from './delivery.ts';
import { Faults } from './faults.ts';
import { createMethods, FILE_LIMIT } from './methods.ts';
import { type SeenRequest, serve } from './server.ts';
import { Speaker } from './speaker.ts';
import { specCheck } from './spec.ts';
import { type BotCommand, type Update, type User, World } from './world.ts';

export type { CallbackAnswer, MediaOptions } from './speaker.ts';
export { hasSpec } from './spec.ts';
export type { BotCommand, MessageMatcher, SeenMessage, SeenRequest, SimulatedChat, Speaker, Update, User };

/** A person; as such a speaker in the private chat with the bot. */
export class SimulatedUser extends Speaker {
  readonly #world: World;

  constructor(world: World, user: User) {
    const { id, first_name, last_name, username } = user;
    const names = { first_name, ...(last_name ? { last_name } : {}), ...(username ? { username } : {}) };
    super(world, user, new SimulatedChat(world, world.addChat({ id, type: 'private', ...names })));
    this.#world = world;
  }

  get id(): number {
    return this.user.id;
  }

  in(chat: SimulatedChat, topic?: number): Speaker {
    return new Speaker(this.#world, this.user, chat, topic);
  }

  blockBot(): void {
    this.chat.state.forbidden = 'bot was blocked by the user';
  }

  unblockBot(): void {
    delete this.chat.state.forbidden;
  }

  deactivate(): void {
    this.chat.state.forbidden = 'user is deactivated';
  }
}

export interface TelegramSimulator {
  readonly url: string;
  /** The bot's token; assign another one to revoke it. */
  token: string;
  readonly bot: User;
  readonly faults: Faults;
  /** Every request, oldest first; a download has the method `file`. */
  readonly requests: readonly SeenRequest[];
  /** What broke a rule; `stop` throws when there is anything left in it. */
  readonly violations: string[];
  /** Signs of progress (`typing`) that were shown. */
  readonly actions: readonly { chat: number; action: string }[];
  /** Status codes with which the bot's webhook answered. */
  readonly webhookAnswers: readonly number[];
  readonly webhook: { url: string; secret: string | undefined } | undefined;
  user(name: string, fields?: Partial<User>): SimulatedUser;
  group(title: string, options?: { kind?: 'group' | 'supergroup' }): SimulatedChat;
  /** The private chat or group with this id. */
  chat(id: number): SimulatedChat;
  /** The menu of a scope, as `default` or `all_private_chats`. */
  menu(scope: string): BotCommand[] | undefined;
  /** The updates that were made, oldest first. */
  readonly updates: readonly Update[];
  /** Delivers an update once more. */
  redeliver(update: Update): void;
  /** Queues an update as it stands. */
  send(kind: string, content: unknown): Update | undefined;
  calls(method: string): SeenRequest[];
  /** Ends at the next request of this method, or at the nth when one says so. */
  waitForRequest(method: string, count?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface SimulatorOptions {
  /** A free one unless said. */
  readonly port?: number;
  /** Updates and messages are numbered from there: what a program has kept of an earlier start is not numbered again. */
  readonly numbersFrom?: number;
  /** Bytes that getFile hands out; a local Bot API server has no limit. */
  readonly fileLimit?: number;
  /** Where a local Bot API server (`--local`) keeps its files; getFile then answers with paths there. */
  readonly localFolder?: string;
}

export async function startTelegramSimulator(options: SimulatorOptions = {}): Promise<TelegramSimulator> {
  const world = new World(options.numbersFrom);
  const faults = new Faults();
  const delivery = new Delivery(world);
  const requests: SeenRequest[] = [];
  const violations: string[] = [];
  let token = `${world.bot.id}:SimulatedSimulatedSimulatedSimulated`;
  const server = await serve({
    port: options.port ?? 0,
    token: () => token,
    world,
    methods: createMethods(world, {
      fileLimit: options.fileLimit ?? FILE_LIMIT,
      localFolder: options.localFolder,
    }),
    delivery,
    faults,
    check: specCheck(),
    requests,
    violations,
  });
  const calls = (method: string): SeenRequest[] => requests.filter((request) => request.method === method);

  return {
    url: server.url,
    get token() {
      return token;
    },
    set token(value) {
      token = value;
    },
    bot: world.bot,
    faults,
    requests,
    violations,
    actions: world.actions,
    webhookAnswers: delivery.webhookAnswers,
    get webhook() {
      return delivery.webhook;
    },
    user(name, fields = {}) {
      const user: User = {
        id: 100_000 + world.newId(),
        is_bot: false,
        first_name: name,
        language_code: 'en',
        ...fields,
      };
      world.users.set(user.id, user);
      return new SimulatedUser(world, user);
    },
    group(title, { kind = 'supergroup' } = {}) {
      const id = kind === 'supergroup' ? -1_000_000_000_000 - world.newId() : -world.newId();
      return new SimulatedChat(world, world.addChat({ id, type: kind, title }));
    },
    chat(id) {
      const state = world.chats.get(id);
      if (state === undefined) throw new Error(`There is no chat ${id}.`);
      return new SimulatedChat(world, state);
    },
    menu: (scope) => world.menus.get(JSON.stringify({ type: scope })),
    updates: world.history,
    redeliver: (update) => world.redeliver(update),
    send: (kind, content) => world.queue(kind, content),
    calls,
    waitForRequest(method, count = calls(method).length + 1) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (calls(method).length < count) return;
          world.off('request', look);
          resolve();
        };
        world.on('request', look);
        look();
      });
    },
    async stop() {
      delivery.stop();
      await server.close();
      if (violations.length > 0)
        throw new Error(`Requests to Telegram broke rules:\n${violations.join('\n')}`);
    },
  };
}
