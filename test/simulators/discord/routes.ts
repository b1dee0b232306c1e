/** The operations of Discord's HTTP interface that a bot of this kind needs. */
import type { APIMessageTopLevelComponent } from 'discord.js';
import { changeMessage } from './change-message.ts';
import { commandFaults, storedCommand } from './command-rules.ts';
import type { SimInteractions } from './interactions.ts';
import { messageFaults } from './message-rules.ts';
import { apiMessage } from './payloads.ts';
import * as refusal from './refusal.ts';
import type { SimChannel, SimMessage, World } from './world.ts';

type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  /** Nothing for 204. */
  readonly body?: unknown;
}

export interface Operation {
  readonly method: string;
  /** As in Discord's description. */
  readonly path: string;
  /** Whether it needs the bot token. */
  readonly bot: boolean;
  /** Whether its body is described; a body that is sent elsewhere is refused. */
  readonly takesBody: boolean;
  run(parameters: readonly string[], body: unknown, query: URLSearchParams): Answer;
}

export interface Backstage {
  readonly world: World;
  readonly interactions: SimInteractions;
  readonly webSocketUrl: () => string;
}

export function operations({ world, interactions, webSocketUrl }: Backstage): Operation[] {
  const commands = '/applications/{application_id}/commands';
  const original = '/webhooks/{webhook_id}/{webhook_token}/messages/@original';
  const json = (value: unknown): Answer => ({ status: 200, body: value });
  return [
    operation('GET', '/gateway/bot', () =>
      json({
        url: webSocketUrl(),
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
      }),
    ),
    operation('GET', commands, () => json(world.commands)),
    operation('PUT', commands, (_parameters, body) => {
      refusal.insist(commandFaults(body as Json[]));
      world.commands = (body as Json[]).map((command) =>
        storedCommand(command, world.snowflake(), world.applicationId),
      );
      world.changed();
      return json(world.commands);
    }),
    operation('POST', '/users/@me/channels', (_parameters, body) => {
      const person = world.users.find((user) => user.id === (body as Json).recipient_id);
      if (!person) throw new refusal.Refusal(400, 50033, 'Invalid Recipient(s)');
      const channel = world.direct(person);
      return json({ id: channel.id, type: 1, recipients: [{ id: person.id, username: person.username }] });
    }),
    operation('POST', '/channels/{channel_id}/messages', ([channelId], body) =>
      json(apiMessage(createMessage(world, channelId, body as Json), world)),
    ),
    operation('PATCH', '/channels/{channel_id}/messages/{message_id}', ([channelId, messageId], body) => {
      const channel = writable(world, channelId);
      const message = world.messages.find(
        (candidate) => candidate.id === messageId && candidate.channel === channel,
      );
      // A message that one person sees is not there for the bot token.
      if (!message || message.deleted || message.onlyFor) throw refusal.unknownMessage();
      if (message.authorId !== world.botId)
        throw new refusal.Refusal(403, 50005, 'Cannot edit a message authored by another user');
      changeMessage(message, body as Json);
      world.changed();
      return json(apiMessage(message, world));
    }),
    open(
      'POST',
      '/interactions/{interaction_id}/{interaction_token}/callback',
      ([id = '', token = ''], body, query) => {
        const result = interactions.callback(id, token, body as Json);
        return query.get('with_response') === 'true' ? json(result) : { status: 204 };
      },
    ),
    open('PATCH', original, ([, token = ''], body) =>
      json(apiMessage(interactions.edit(token, body as Json), world)),
    ),
    open('DELETE', original, ([, token = '']) => {
      interactions.remove(token);
      return { status: 204 };
    }),
    open('POST', '/webhooks/{webhook_id}/{webhook_token}', ([, token = ''], body) =>
      json(apiMessage(interactions.follow(token, body as Json), world)),
    ),
  ];
}

function createMessage(world: World, channelId: string | undefined, body: Json): SimMessage {
  refusal.insist(messageFaults(body));
  const channel = writable(world, channelId);
  if (channel.guild && !channel.botMaySend) throw refusal.missingPermissions();
  const nonce = body.nonce === undefined ? undefined : String(body.nonce);
  if (nonce !== undefined && body.enforce_nonce === true) {
    const same = world.messages.find((message) => message.nonce === nonce && message.channel === channel);
    if (same) return same;
  }
  return world.message({
    channel,
    authorId: world.botId,
    flags: Number(body.flags ?? 0),
    content: String(body.content ?? ''),
    components: (body.components ?? []) as APIMessageTopLevelComponent[],
    ...(nonce === undefined ? {} : { nonce }),
    ...repliedTo(world, channel, body.message_reference as Json | undefined),
  });
}

function repliedTo(world: World, channel: SimChannel, reference: Json | undefined): { replyTo?: string } {
  if (!reference) return {};
  const id = String(reference.message_id);
  const there = world.messages.some(
    (message) => message.id === id && message.channel === channel && !message.deleted && !message.onlyFor,
  );
  if (there) return { replyTo: id };
  if (reference.fail_if_not_exists === false) return {};
  throw new refusal.InvalidForm(['message_reference: Unknown message']);
}

/** The channel, if the bot may see it and may send there at all. */
function writable(world: World, channelId: string | undefined): SimChannel {
  const channel = world.channels.find((candidate) => candidate.id === channelId);
  if (!channel || channel.gone) throw refusal.unknownChannel();
  if (channel.type === 3 || channel.guild?.hasBot === false || !channel.botMayView)
    throw refusal.missingAccess();
  if (channel.type === 1 && channel.person?.takesDirectMessages === false) throw refusal.cannotMessageUser();
  return channel;
}

function operation(method: string, path: string, run: Operation['run']): Operation {
  return { method, path, bot: true, takesBody: method !== 'GET' && method !== 'DELETE', run };
}

function open(method: string, path: string, run: Operation['run']): Operation {
  return { ...operation(method, path, run), bot: false };
}
