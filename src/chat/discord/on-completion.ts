/** Suggestions while a person types into an option. */
import {
  type APIApplicationCommandAutocompleteInteraction,
  ApplicationCommandOptionType,
  InteractionResponseType,
} from 'discord.js';
import { CHOICES_MAX } from '../../core/command.ts';
import { within } from '../../core/within.ts';
import { discordChoices } from './application-commands.ts';
import { callerBefore, firstAnswer, type Turn, type TurnTools } from './turn.ts';

export async function onCompletion(
  tools: TurnTools,
  turn: Turn<APIApplicationCommandAutocompleteInteraction>,
): Promise<void> {
  const { data } = turn.interaction;
  const options = data.options ?? [];
  const focused = options.find((option) => 'focused' in option && option.focused === true);
  if (focused?.type !== ApplicationCommandOptionType.String) return;
  const asking = callerBefore(tools, turn, undefined).then((caller) =>
    tools.desk.complete({
      ...caller,
      command: data.name,
      option: focused.name,
      typed: focused.value,
      given: Object.fromEntries(
        options.flatMap((option) =>
          option !== focused && 'value' in option ? [[option.name, String(option.value)]] : [],
        ),
      ),
    }),
  );
  // No suggestion is better than a late one: the person can type on.
  const choices = await within(tools.clock, tools.timeouts.complete, asking, []);
  await firstAnswer(tools, turn, {
    type: InteractionResponseType.ApplicationCommandAutocompleteResult,
    data: { choices: discordChoices(choices).slice(0, CHOICES_MAX) },
  });
}
