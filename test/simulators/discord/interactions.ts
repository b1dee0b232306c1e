/** The life of an interaction at Discord's side: the window for its first answer, its token, what its webhook may do. */
import type { APIMessageTopLevelComponent } from 'discord.js';
import { changeMessage } from './change-message.ts';
import { deferralFaults, messageFaults, modalFaults } from './message-rules.ts';
import * as refusal from './refusal.ts';
import type { Sight } from './sight.ts';
import { seenForm, seenMessage } from './view.ts';
import {
  COMPONENTS_V2,
  EPHEMERAL,
  LOADING,
  type SimChannel,
  type SimMessage,
  type SimUser,
  type World,
} from './world.ts';

type Json = Record<string, unknown>;

export type InteractionKind = 'command' | 'completion' | 'press' | 'form';

export interface SimInteraction {
  readonly id: string;
  readonly token: string;
  readonly kind: InteractionKind;
  readonly user: SimUser;
  readonly channel: SimChannel;
  /** The message under the button. */
  readonly source?: SimMessage;
  readonly bornAt: number;
  mode: 'open' | 'reply' | 'update' | 'closed';
  original?: SimMessage;
  followUps: number;
  /** All that the person saw, in order. */
  readonly sights: Sight[];
}

export interface Limits {
  /** Milliseconds for the first answer. */
  readonly ackWindow: number;
  /** Milliseconds that the token lives. */
  readonly tokenLife: number;
}

const USER_INSTALL_FOLLOW_UPS_MAX = 5;

export class SimInteractions {
  readonly #world: World;
  readonly #limits: Limits;
  readonly #byToken = new Map<string, SimInteraction>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(world: World, limits: Limits) {
    this.#world = world;
    this.#limits = limits;
  }

  begin(kind: InteractionKind, user: SimUser, channel: SimChannel, source?: SimMessage): SimInteraction {
    const id = this.#world.snowflake();
    const interaction: SimInteraction = {
      id,
      token: `token-of-${id}`,
      kind,
      user,
      channel,
      ...(source ? { source } : {}),
      bornAt: Date.now(),
      mode: 'open',
      followUps: 0,
      sights: [],
    };
    this.#byToken.set(interaction.token, interaction);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (interaction.mode === 'open')
        this.#see(interaction, { kind: 'failed', text: 'The application did not respond', ephemeral: true });
    }, this.#limits.ackWindow);
    this.#timers.add(timer);
    return interaction;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** POST /interactions/{id}/{token}/callback */
  callback(id: string, token: string, body: Json): unknown {
    const interaction = this.#byToken.get(token);
    if (interaction?.id !== id || Date.now() - interaction.bornAt > this.#limits.ackWindow) {
      if (interaction && interaction.mode !== 'open') throw refusal.alreadyAcknowledged();
      throw refusal.unknownInteraction();
    }
    if (interaction.mode !== 'open') throw refusal.alreadyAcknowledged();
    const data = body.data as Json | undefined;
    this.#accept(interaction, Number(body.type), data);
    const { original } = interaction;
    this.#world.changed();
    return {
      interaction: {
        id,
        type: 2,
        ...(original
          ? {
              response_message_id: original.id,
              response_message_loading: (original.flags & LOADING) !== 0,
              response_message_ephemeral: (original.flags & EPHEMERAL) !== 0,
            }
          : {}),
      },
    };
  }

  #accept(interaction: SimInteraction, type: number, data: Json | undefined): void {
    const { kind, source } = interaction;
    const flags = Number(data?.flags ?? 0);
    if ((type === 8) !== (kind === 'completion'))
      throw new refusal.InvalidForm([`callback ${type} for a ${kind}`]);
    switch (type) {
      case 4:
        refusal.insist(messageFaults(data ?? {}));
        interaction.original = this.#create(interaction, data ?? {}, flags & (EPHEMERAL | COMPONENTS_V2));
        interaction.mode = 'reply';
        this.#seeMessage(interaction, 'message', interaction.original);
        break;
      case 5:
        refusal.insist(deferralFaults(data));
        interaction.original = this.#create(interaction, {}, (flags & EPHEMERAL) | LOADING);
        interaction.mode = 'reply';
        break;
      case 6:
      case 7:
        if (!source) throw new refusal.InvalidForm([`callback ${type} without a message to update`]);
        interaction.mode = 'update';
        if (type === 7) this.#change(interaction, source, data ?? {});
        break;
      case 8: {
        interaction.mode = 'closed';
        const choices = (data?.choices ?? []) as { name: string; value: string }[];
        const words = choices.map((choice) => choice.name).join('\n');
        this.#see(interaction, { kind: 'choices', text: words, ephemeral: true, choices });
        break;
      }
      case 9:
        if (kind === 'form') throw new refusal.InvalidForm(['a form cannot answer a form']);
        refusal.insist(modalFaults(data ?? {}));
        interaction.mode = 'closed';
        this.#see(interaction, {
          kind: 'modal',
          text: '',
          ephemeral: true,
          form: seenForm(data ?? {}, source),
        });
        break;
      default:
        throw new refusal.InvalidForm([`callback type ${type}`]);
    }
  }

  /** PATCH …/messages/@original */
  edit(token: string, body: Json): SimMessage {
    const interaction = this.#alive(token);
    const target = interaction.mode === 'update' ? interaction.source : interaction.original;
    if (!target || target.deleted) throw refusal.unknownMessage();
    return this.#change(interaction, target, body);
  }

  /** DELETE …/messages/@original */
  remove(token: string): void {
    const interaction = this.#alive(token);
    const target = interaction.mode === 'update' ? interaction.source : interaction.original;
    if (!target || target.deleted) throw refusal.unknownMessage();
    target.deleted = true;
    if (interaction.mode === 'update')
      this.#see(interaction, { kind: 'removed', text: '', ephemeral: false });
    this.#world.changed();
  }

  /** POST /webhooks/{application}/{token} */
  follow(token: string, body: Json): SimMessage {
    const interaction = this.#alive(token);
    const { original } = interaction;
    // A placeholder that still stands is filled by the first follow-up, and stays as visible as it was.
    if (interaction.mode === 'reply' && original && !original.deleted && (original.flags & LOADING) !== 0) {
      return this.#change(interaction, original, body);
    }
    refusal.insist(messageFaults(body));
    interaction.followUps += 1;
    if (interaction.channel.guild?.hasBot === false && interaction.followUps > USER_INSTALL_FOLLOW_UPS_MAX) {
      throw new refusal.Refusal(
        400,
        40094,
        'This interaction has hit the maximum number of follow up messages.',
      );
    }
    const message = this.#create(interaction, body, Number(body.flags ?? 0));
    this.#seeMessage(interaction, 'message', message);
    return message;
  }

  #alive(token: string): SimInteraction {
    const interaction = this.#byToken.get(token);
    if (!interaction || interaction.mode === 'open' || interaction.mode === 'closed')
      throw refusal.unknownWebhook();
    if (Date.now() - interaction.bornAt > this.#limits.tokenLife) throw refusal.invalidWebhookToken();
    return interaction;
  }

  #create(interaction: SimInteraction, body: Json, flags: number): SimMessage {
    return this.#world.message({
      channel: interaction.channel,
      authorId: this.#world.botId,
      flags,
      content: String(body.content ?? ''),
      components: (body.components ?? []) as APIMessageTopLevelComponent[],
      ...((flags & EPHEMERAL) === 0 ? {} : { onlyFor: interaction.user }),
    });
  }

  #change(interaction: SimInteraction, message: SimMessage, body: Json): SimMessage {
    changeMessage(message, body);
    this.#seeMessage(interaction, interaction.mode === 'update' ? 'edit' : 'message', message);
    return message;
  }

  #seeMessage(interaction: SimInteraction, kind: 'message' | 'edit', message: SimMessage): void {
    const seen = seenMessage(message);
    this.#see(interaction, { kind, text: seen.text, ephemeral: seen.ephemeral, message: seen });
  }

  #see(interaction: SimInteraction, sight: Omit<Sight, 'interactionId'>): void {
    interaction.sights.push({ ...sight, interactionId: interaction.id });
    this.#world.changed();
  }
}
