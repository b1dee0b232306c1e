/** The simulated world in the shapes in which Discord sends it. */
import type { SimAttachment, SimChannel, SimGuild, SimMessage, SimUser, World } from './world.ts';

const VIEW_CHANNEL = 1n << 10n;
const SEND_MESSAGES = 1n << 11n;
const SEND_MESSAGES_IN_THREADS = 1n << 38n;
const USE_EXTERNAL_APPS = 1n << 50n;

function apiUser(user: SimUser): Record<string, unknown> {
  return { id: user.id, username: user.username, global_name: user.name, discriminator: '0', avatar: null };
}

export function botUser(world: World): Record<string, unknown> {
  return {
    id: world.botId,
    username: 'carillon',
    global_name: null,
    discriminator: '0',
    avatar: null,
    bot: true,
  };
}

function apiMember(user: SimUser): Record<string, unknown> {
  return {
    user: apiUser(user),
    nick: null,
    avatar: null,
    roles: [],
    joined_at: '2026-01-01T00:00:00.000000+00:00',
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    permissions: String(VIEW_CHANNEL | SEND_MESSAGES),
  };
}

export function apiAttachment(attachment: SimAttachment): Record<string, unknown> {
  const { id, url, filename, size, content_type } = attachment;
  return { id, url, proxy_url: url, filename, size, content_type, ephemeral: true };
}

export function apiMessage(message: SimMessage, world: World): Record<string, unknown> {
  const author = world.users.find((user) => user.id === message.authorId);
  return {
    id: message.id,
    channel_id: message.channel.id,
    author: author ? apiUser(author) : botUser(world),
    content: message.content,
    timestamp: '2026-01-01T00:00:00.000000+00:00',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.attachments.map(apiAttachment),
    embeds: [],
    pinned: false,
    type: 0,
    components: message.components,
    flags: message.flags,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...message.more,
  };
}

/** What every interaction carries, whatever was done. */
export function interactionFrame(
  interaction: { id: string; token: string },
  user: SimUser,
  channel: SimChannel,
  world: World,
): Record<string, unknown> {
  const { guild } = channel;
  return {
    id: interaction.id,
    application_id: world.applicationId,
    token: interaction.token,
    version: 1,
    locale: 'en-US',
    entitlements: [],
    attachment_size_limit: 10_485_760,
    channel_id: channel.id,
    channel: apiChannel(channel),
    app_permissions: String(appPermissions(channel)),
    ...(guild
      ? {
          context: 0,
          guild_id: guild.id,
          guild: { id: guild.id, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          member: apiMember(user),
        }
      : { context: channel.type === 1 ? 1 : 2, user: apiUser(user) }),
    authorizing_integration_owners: owners(guild, channel, user),
  };
}

function apiChannel(channel: SimChannel): Record<string, unknown> {
  return {
    id: channel.id,
    type: channel.type,
    ...(channel.guild ? { name: channel.name, guild_id: channel.guild.id, permissions: '0' } : {}),
    ...(channel.parent
      ? {
          parent_id: channel.parent.id,
          thread_metadata: {
            archived: false,
            locked: false,
            auto_archive_duration: 1440,
            archive_timestamp: '2026-01-01T00:00:00.000000+00:00',
          },
        }
      : {}),
    ...(channel.person ? { recipients: [apiUser(channel.person)] } : {}),
  };
}

function appPermissions(channel: SimChannel): bigint {
  const view = channel.botMayView ? VIEW_CHANNEL : 0n;
  const send = channel.botMaySend ? SEND_MESSAGES | SEND_MESSAGES_IN_THREADS : 0n;
  return view | send | USE_EXTERNAL_APPS;
}

function owners(guild: SimGuild | undefined, channel: SimChannel, user: SimUser): Record<string, string> {
  if (guild) return guild.hasBot ? { 0: guild.id } : { 1: user.id };
  return channel.type === 1 ? { 0: '0', 1: user.id } : { 1: user.id };
}
