/** Suggestions for an option while a person types: each kind of option has its own source. */
import type { CompletionRequest } from '../chat.ts';
import type { Choice, CommandContext, OptionSpec } from '../command.ts';
import { suggestMoments } from '../moments/suggest.ts';
import type { CardDesk } from './card-desk.ts';

export async function suggestValues(
  spec: OptionSpec,
  { typed, given = {} }: Pick<CompletionRequest, 'typed' | 'given'>,
  context: CommandContext,
  cards: Pick<CardDesk, 'suggest'>,
): Promise<readonly Choice[]> {
  const { workspace, services } = context;
  switch (spec.kind) {
    case 'targets':
      return services.accounts.complete(workspace, typed);
    case 'post':
      return cards.suggest(workspace, typed);
    case 'moment':
      return suggestMoments(typed, {
        now: services.clock.now(),
        zone: workspace.timeZone,
        locale: workspace.locale,
      });
    case 'choice':
      return spec.choices.filter(({ value, label }) =>
        `${value} ${label}`.toLowerCase().includes(typed.toLowerCase()),
      );
    case 'switch':
      return ['yes', 'no'].map((value) => ({ value, label: value }));
    case 'text':
      return spec.suggest ? spec.suggest(typed, context, given) : [];
    default:
      return [];
  }
}
