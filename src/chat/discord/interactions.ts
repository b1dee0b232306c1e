/** Takes interactions from the gateway, each once, and keeps count of those in hand. */
import {
  type APIApplicationCommandInteraction,
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageApplicationCommandInteraction,
  ApplicationCommandType,
  ComponentType,
  InteractionType,
} from 'discord.js';
import { type Clock, MINUTE } from '../../core/clock.ts';
import type { Logger } from '../../core/log.ts';
import { facts } from './errors.ts';
import { formPurpose } from './forms.ts';
import { onFurtherFields, onMessageCommand, onSlashCommand } from './on-command.ts';
import { onCompletion } from './on-completion.ts';
import { onAnswer, onPress } from './on-press.ts';
import { createRecent } from './recent.ts';
import type { Turn, TurnTools } from './turn.ts';

/** After this an interaction's token is dead (https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages). */
export const TOKEN_LIFE = 15 * MINUTE;
/** At Discord's highest rate of events this is more than a token's life. */
const REMEMBERED_MAX = 50_000;

export interface Interactions {
  /** Never throws, never rejects: what fails is logged, and told to the person where that is possible. */
  receive(interaction: APIInteraction): void;
  /** Settles when nothing is in hand. */
  idle(): Promise<void>;
}

export function createInteractions(tools: TurnTools, clock: Clock, log: Logger): Interactions {
  // After a resumed connection Discord may send again what it sent before.
  const seen = createRecent<true>(clock, TOKEN_LIFE, REMEMBERED_MAX);
  const inHand = new Set<Promise<void>>();

  async function take(interaction: APIInteraction): Promise<void> {
    const turn: Turn = {
      interaction,
      receivedAt: clock.now(),
      log: log.child({ interaction: interaction.id }),
    };
    try {
      await dispatch(tools, turn);
    } catch (error) {
      turn.log.error(facts(error), 'A Discord interaction failed');
    }
  }

  return {
    receive(interaction) {
      if (!seen.add(interaction.id, true)) {
        log.info({ interaction: interaction.id }, 'A Discord interaction came twice; it was run once');
        return;
      }
      const taking = take(interaction).finally(() => inHand.delete(taking));
      inHand.add(taking);
    },
    async idle() {
      while (inHand.size > 0) await Promise.all(inHand);
    },
  };
}

async function dispatch(tools: TurnTools, turn: Turn): Promise<void> {
  const { interaction } = turn;
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      if (isSlashCommand(interaction)) return onSlashCommand(tools, { ...turn, interaction });
      if (isMessageCommand(interaction)) return onMessageCommand(tools, { ...turn, interaction });
      break;
    case InteractionType.ApplicationCommandAutocomplete:
      return onCompletion(tools, { ...turn, interaction });
    case InteractionType.MessageComponent:
      if (interaction.data.component_type === ComponentType.Button)
        return onPress(tools, { ...turn, interaction });
      break;
    case InteractionType.ModalSubmit: {
      const purpose = formPurpose(interaction.data.custom_id);
      if (purpose?.kind === 'ask') return onAnswer(tools, { ...turn, interaction }, purpose.action);
      if (purpose?.kind === 'more') return onFurtherFields(tools, { ...turn, interaction }, purpose.key);
      break;
    }
  }
  turn.log.warn(
    { type: interaction.type },
    'A Discord interaction of a kind that this bot does not offer was left alone',
  );
}

function isSlashCommand(
  interaction: APIApplicationCommandInteraction,
): interaction is APIChatInputApplicationCommandInteraction {
  return interaction.data.type === ApplicationCommandType.ChatInput;
}

function isMessageCommand(
  interaction: APIApplicationCommandInteraction,
): interaction is APIMessageApplicationCommandInteraction {
  return interaction.data.type === ApplicationCommandType.Message;
}
