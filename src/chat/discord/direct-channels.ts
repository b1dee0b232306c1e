/** The direct messages of people: opened once, remembered by the person's id. */
import { type APIDMChannel, type RESTPostAPICurrentUserCreateDMChannelJSONBody, Routes } from 'discord.js';
import { BoundedMap } from '../../core/bounded-map.ts';
import type { Conversation } from '../../core/words.ts';
import type { DiscordRest } from './rest.ts';

/** A channel id is short; this bounds the memory, and the oldest is simply asked for again. */
const REMEMBERED_MAX = 10_000;

export interface DirectChannels {
  /** The direct conversation with this person. Errors are Discord's own. */
  conversation(userId: string): Promise<Conversation>;
}

/** `frontend` is the name under which conversations of this chat are known. */
export function createDirectChannels(rest: DiscordRest, frontend: string): DirectChannels {
  const known = new BoundedMap<string, string>(REMEMBERED_MAX);
  return {
    async conversation(userId) {
      const id = known.get(userId) ?? (await open(rest, userId));
      known.set(userId, id);
      return { frontend, id, kind: 'direct' };
    },
  };
}

async function open(rest: DiscordRest, userId: string): Promise<string> {
  const body: RESTPostAPICurrentUserCreateDMChannelJSONBody = { recipient_id: userId };
  const channel = (await rest.bot().post(Routes.userChannels(), { body })) as APIDMChannel;
  return channel.id;
}
