/** Buttons, and the forms that some of them open first. */
import {
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  InteractionResponseType,
  MessageFlags,
} from 'discord.js';
import type { CommandDefinition } from '../../core/command.ts';
import { within } from '../../core/within.ts';
import { errorReply, withTyped } from './error-reply.ts';
import { askForm, typedAnswer } from './forms.ts';
import {
  answerAtOnce,
  answerWith,
  callerBefore,
  firstAnswer,
  placeholder,
  type Turn,
  type TurnTools,
} from './turn.ts';

const SLOW = Symbol('the desk did not say in time what the action asks');

export async function onPress(tools: TurnTools, turn: Turn<APIMessageComponentInteraction>): Promise<void> {
  const { interaction } = turn;
  const action = interaction.data.custom_id;
  if (mayAsk(tools.desk.commands, action)) {
    // A form must be the first answer, so this is the one question to the desk before Discord has heard anything.
    const asking = callerBefore(tools, turn, interaction.message.id).then((caller) =>
      tools.desk.asks({ ...caller, action }),
    );
    const ask = await within(tools.clock, tools.timeouts.asks, asking, SLOW);
    if (ask === SLOW) {
      await answerAtOnce(
        tools,
        turn,
        errorReply('The form could not be opened in time. Nothing was done.', 'Press the button again.'),
      );
      return;
    }
    if (ask) {
      await firstAnswer(tools, turn, { type: InteractionResponseType.Modal, data: askForm(action, ask) });
      return;
    }
  }
  await press(tools, turn, action, undefined);
}

/** The form of a button came back. */
export async function onAnswer(
  tools: TurnTools,
  turn: Turn<APIModalSubmitInteraction>,
  action: string,
): Promise<void> {
  await press(tools, turn, action, typedAnswer(turn.interaction));
}

async function press(
  tools: TurnTools,
  turn: Turn<APIMessageComponentInteraction | APIModalSubmitInteraction>,
  action: string,
  answer: string | undefined,
): Promise<void> {
  const { message } = turn.interaction;
  // Without a message there is nothing to redraw; Discord then takes a placeholder only.
  const taken = message
    ? await firstAnswer(tools, turn, { type: InteractionResponseType.DeferredMessageUpdate })
    : await placeholder(tools, turn, true);
  if (!taken) return;
  const shown = message
    ? { mode: 'update' as const, ephemeral: isEphemeral(message.flags), messageId: message.id }
    : { mode: 'reply' as const, ephemeral: true };
  await answerWith(tools, turn, shown, async (caller) => {
    const reply = await tools.desk.press({ ...caller, action, ...(answer === undefined ? {} : { answer }) });
    return answer === undefined ? reply : withTyped(reply, [answer]);
  });
}

/**
 * Whether the desk must be asked before the press is acknowledged. Buttons of known actions that ask nothing are
 * acknowledged at once; the form of a button id is `command.action:argument:argument` (core/reply.ts).
 */
function mayAsk(definitions: readonly CommandDefinition[], id: string): boolean {
  const [, command, name] = /^([^.:]+)\.([^.:]+)/.exec(id) ?? [];
  const action = definitions.find((definition) => definition.name === command)?.actions?.[name ?? ''];
  return action === undefined || action.ask !== undefined;
}

function isEphemeral(flags: MessageFlags | undefined): boolean {
  return ((flags ?? 0) & MessageFlags.Ephemeral) !== 0;
}
