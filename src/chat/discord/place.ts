/**
 * Where an interaction happens and where its outcome will be told. A person who installed the bot for themselves can use
 * it in a channel in which the bot has no seat; then the way of every later message is the person's direct messages.
 */
import {
  type APIInteraction,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  PermissionFlagsBits,
  PermissionsBitField,
} from 'discord.js';
import type { Conversation, Identity } from '../../core/words.ts';
import type { DirectChannels } from './direct-channels.ts';

export const FRONTEND = 'discord';

export interface Place {
  /** Where later messages go: the channel itself, or the person's direct messages. */
  readonly conversation: Conversation;
  /** Whether the interaction happens in the bot's own direct messages, where everything is personal. */
  readonly direct: boolean;
  /** False when the bot may not write where the interaction happens, so that `conversation` is another one. */
  readonly mayPost: boolean;
}

const THREADS: ReadonlySet<number> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);

export function identityOf(userId: string): Identity {
  return `${FRONTEND}:${userId}`;
}

/** The Discord id in an identity of ours. */
export function userIdOf(identity: Identity): string {
  return identity.slice(FRONTEND.length + 1);
}

/** Who used it: `member` carries the person in a server, `user` elsewhere. */
export function personOf(interaction: APIInteraction): { id: string; name: string } {
  const user = interaction.member?.user ?? interaction.user;
  if (!user) throw new TypeError(`Interaction ${interaction.id} names neither a member nor a user.`);
  return { id: user.id, name: interaction.member?.nick ?? user.global_name ?? user.username };
}

/** Opens the person's direct messages at Discord where they are needed; errors are Discord's own. */
export async function placeOf(interaction: APIInteraction, directs: DirectChannels): Promise<Place> {
  const direct = isDirect(interaction);
  const mayPost = direct || botMayPost(interaction);
  const conversation = mayPost
    ? channelConversation(interaction, direct)
    : await directs.conversation(personOf(interaction).id);
  return { conversation, direct, mayPost };
}

/** Whether the bot and one person are alone there. */
export function isDirect(interaction: APIInteraction): boolean {
  return interaction.context === InteractionContextType.BotDM;
}

/** Whether a message by bot token can be expected to be taken where the interaction happens. */
export function botMayPost(interaction: APIInteraction): boolean {
  if (interaction.context !== InteractionContextType.Guild) return false;
  // Without an installation in this server there is no bot user in it, whatever the permissions say.
  if (!(ApplicationIntegrationType.GuildInstall in interaction.authorizing_integration_owners)) return false;
  const permissions = new PermissionsBitField(BigInt(interaction.app_permissions));
  const sending = isThread(interaction)
    ? PermissionFlagsBits.SendMessagesInThreads
    : PermissionFlagsBits.SendMessages;
  return permissions.has([PermissionFlagsBits.ViewChannel, sending]);
}

function isThread(interaction: APIInteraction): boolean {
  return interaction.channel !== undefined && THREADS.has(interaction.channel.type);
}

/** The channel in which an interaction was used; every interaction that a person can start has one. */
function channelIdOf(interaction: APIInteraction): string {
  const id = interaction.channel?.id ?? interaction.channel_id;
  if (id === undefined) throw new TypeError(`Interaction ${interaction.id} names no channel.`);
  return id;
}

export function channelConversation(interaction: APIInteraction, direct: boolean): Conversation {
  const channel = interaction.channel;
  const parent = isThread(interaction) && channel && 'parent_id' in channel ? channel.parent_id : undefined;
  const name = channel && 'name' in channel ? channel.name : undefined;
  return {
    frontend: FRONTEND,
    id: channelIdOf(interaction),
    kind: direct ? 'direct' : 'group',
    ...(parent ? { parent } : {}),
    ...(name ? { title: `#${name}` } : {}),
  };
}
