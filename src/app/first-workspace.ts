/** The workspace that there is from the first start on, and how its owner comes in. */
import type { Config } from '../config.ts';
import { type Clock, newId, type Random } from '../core/clock.ts';
import { DEFAULT_LOCALE } from '../core/moments/languages.ts';
import { newClaimCode } from '../core/services/people.ts';
import type { Stores } from '../core/stores.ts';
import type { Workspace } from '../core/words.ts';

export interface FirstWorkspaceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  /** Tells the person who runs the program the claim code. */
  announce(words: string): void;
}

/** Finds it, or makes it; while it has no owner, the claim code is announced wherever chats are served. */
export async function firstWorkspace(
  { workspaces, people }: Pick<Stores, 'workspaces' | 'people'>,
  { config, clock, random, announce }: FirstWorkspaceOptions,
): Promise<Workspace> {
  const workspace = await workspaces.ensureFirst(() => ({
    id: newId(random, 8),
    name: 'Team',
    timeZone: config.timeZone,
    locale: DEFAULT_LOCALE,
    defaultTargets: [],
    conversations: [],
    claimCode: newClaimCode(random),
    createdAt: clock.now(),
  }));
  const owned = (await people.list(workspace.id)).some((person) => person.role === 'owner');
  const chats = config.discord.token !== undefined || config.telegram.token !== undefined;
  if (!owned && chats) {
    const code = workspace.claimCode ?? newClaimCode(random);
    if (!workspace.claimCode) await workspaces.setClaimCode(workspace.id, code);
    announce(`Claim code: ${code}   Send /start ${code} to the bot: that makes you its owner.`);
  }
  return workspace;
}
