/** What the simulated Discord knows: people, servers, channels, messages, commands. Ids are snowflakes, as strings. */
import type { APIApplicationCommand, APIMessageTopLevelComponent } from 'discord.js';

export interface SimUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  /** False: Discord answers 50007 to a direct message of the bot. */
  takesDirectMessages: boolean;
}

export interface SimGuild {
  readonly id: string;
  readonly name: string;
  /** Whether the bot was invited; without it the app is there only for those who installed it for themselves. */
  hasBot: boolean;
}

export interface SimChannel {
  readonly id: string;
  /** Discord's channel types: 0 text, 1 direct, 3 group direct, 11 thread. */
  readonly type: number;
  readonly name: string;
  readonly guild?: SimGuild;
  readonly parent?: SimChannel;
  /** The person at the other end of a direct channel. */
  readonly person?: SimUser;
  /** What the bot may do there, beside being in the server. */
  botMayView: boolean;
  botMaySend: boolean;
  gone: boolean;
}

export interface SimMessage {
  readonly id: string;
  readonly channel: SimChannel;
  readonly authorId: string;
  flags: number;
  content: string;
  components: APIMessageTopLevelComponent[];
  readonly attachments: readonly SimAttachment[];
  /** Fields that Discord sends with it and that the simulator itself has no use for, such as embeds. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly replyTo?: string;
  readonly nonce?: string;
  /** Only this person sees it. */
  readonly onlyFor?: SimUser;
  deleted: boolean;
  edits: number;
}

export interface SimAttachment {
  readonly id: string;
  readonly url: string;
  readonly filename: string;
  readonly size: number;
  readonly content_type: string;
  readonly bytes: Uint8Array;
}

export const EPHEMERAL = 1 << 6;
export const LOADING = 1 << 7;
export const COMPONENTS_V2 = 1 << 15;

export class World {
  #counter = 0;
  readonly botId = this.snowflake();
  readonly applicationId = this.botId;
  readonly users: SimUser[] = [];
  readonly guilds: SimGuild[] = [];
  readonly channels: SimChannel[] = [];
  readonly messages: SimMessage[] = [];
  readonly attachments: SimAttachment[] = [];
  commands: APIApplicationCommand[] = [];
  readonly #watchers = new Set<() => void>();

  snowflake(): string {
    // Discord's epoch, milliseconds, and a counter below them.
    this.#counter += 1;
    return String((BigInt(Date.now() - 1_420_070_400_000) << 22n) + BigInt(this.#counter));
  }

  /** To be called after every change that somebody may wait for. */
  changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /**
   * Waits until `condition` answers something true: looks after every change of this world, and every few milliseconds
   * for conditions that lie outside it (a log, a database).
   */
  until<Value>(
    what: string | (() => string),
    condition: () => Value | undefined | false,
    milliseconds: number,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      const look = (): boolean => {
        try {
          const value = condition();
          if (value === undefined || value === false) return false;
          resolve(value);
        } catch (error) {
          reject(error);
        }
        end();
        return true;
      };
      const end = (): void => {
        clearTimeout(timer);
        clearInterval(glance);
        this.#watchers.delete(look);
      };
      const glance = setInterval(() => look(), 10);
      const timer = setTimeout(() => {
        end();
        const words = typeof what === 'string' ? what : what();
        reject(new Error(`The Discord simulator waited ${milliseconds} ms in vain for: ${words}`));
      }, milliseconds);
      if (!look()) this.#watchers.add(look);
    });
  }

  user(name: string, id = this.snowflake()): SimUser {
    const user: SimUser = {
      id,
      username: name.toLowerCase(),
      name,
      takesDirectMessages: true,
    };
    this.users.push(user);
    return user;
  }

  guild(name: string, hasBot = true, id = this.snowflake()): SimGuild {
    const guild: SimGuild = { id, name, hasBot };
    this.guilds.push(guild);
    return guild;
  }

  channel(
    name: string,
    place: { guild?: SimGuild; parent?: SimChannel; person?: SimUser; type?: number; id?: string },
  ): SimChannel {
    const type = place.type ?? (place.parent ? 11 : place.person ? 1 : 0);
    const guild = place.guild ?? place.parent?.guild;
    const channel: SimChannel = {
      id: place.id ?? this.snowflake(),
      type,
      name,
      ...(guild ? { guild } : {}),
      ...(place.parent ? { parent: place.parent } : {}),
      ...(place.person ? { person: place.person } : {}),
      botMayView: true,
      botMaySend: true,
      gone: false,
    };
    this.channels.push(channel);
    return channel;
  }

  /** The bot's direct channel with a person; the same one each time. */
  direct(person: SimUser): SimChannel {
    const known = this.channels.find((channel) => channel.type === 1 && channel.person === person);
    return known ?? this.channel(person.name, { person });
  }

  message(
    message: Omit<SimMessage, 'id' | 'deleted' | 'edits' | 'attachments' | 'content' | 'components'> &
      Partial<SimMessage>,
  ): SimMessage {
    const made: SimMessage = {
      id: this.snowflake(),
      content: '',
      components: [],
      attachments: [],
      deleted: false,
      edits: 0,
      ...message,
    };
    this.messages.push(made);
    this.changed();
    return made;
  }
}
