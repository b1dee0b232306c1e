/** Suggestions for the board of a post: the boards of those accounts that the half-written command is about. */
import type { Choice, CommandContext } from '../command.ts';
import type { Account } from '../words.ts';

export async function suggestBoards(
  typed: string,
  context: CommandContext,
  given: Readonly<Record<string, string>>,
): Promise<readonly Choice[]> {
  return context.services.boards.complete(await accountsMeant(context, given), typed);
}

/** Those that `to` names, those of the post that is changed, or the usual ones. */
async function accountsMeant(
  { services, workspace }: CommandContext,
  { to, post }: Readonly<Record<string, string>>,
): Promise<readonly Account[]> {
  try {
    if (post && !to) return (await services.posts.show(workspace.id, post)).accounts;
    return await services.accounts.resolve(workspace, to);
  } catch {
    // Half a name says nothing yet.
    return services.accounts.list(workspace.id);
  }
}
