/** Drafts that a person confirms: from then on they are planned like any other post. */
import { usageError } from '../errors.ts';
import type { Account, Post } from '../words.ts';
import { blocking, checkPost } from './check.ts';
import type { Composed, ComposePorts } from './compose.ts';
import { changedMeanwhile } from './hold.ts';
import { planWithRoom } from './last-places.ts';
import { plan } from './plan.ts';
import { viewPost } from './post-view.ts';
import { countingOnce } from './quotas.ts';

/** Confirms a draft for every target, or for those only that have no blocking issue. */
export async function confirm(
  ports: ComposePorts,
  draft: Post,
  which: 'all' | 'those that can',
): Promise<Composed> {
  if (which === 'all') return confirmDraft(ports, draft);
  const accounts: readonly Account[] = await ports.accounts.findMany(draft.targets);
  const blocked = new Set(blocking(await checkPost(ports, draft, accounts)).map(({ account }) => account.id));
  return confirmDraft(
    ports,
    draft,
    draft.targets.filter((id) => !blocked.has(id)),
  );
}

/** A draft that a person confirmed, perhaps for some of its targets only. Errors: ACTION_STALE, MOMENT_PAST, EXPIRY_TOO_EARLY, POST_CHANGED. */
async function confirmDraft(ports: ComposePorts, draft: Post, only?: readonly string[]): Promise<Composed> {
  const now = ports.clock.now();
  if (draft.standing !== 'draft')
    throw usageError(
      'ACTION_STALE',
      `#${draft.id} is no draft any more.`,
      `Use /show post:#${draft.id} to see how it stands.`,
    );
  if (!draft.immediate && draft.dueAt <= now) {
    throw usageError(
      'MOMENT_PAST',
      `The time of #${draft.id} has passed while it waited for your answer.`,
      `Use /move post:#${draft.id} when:"in 10 min".`,
    );
  }
  if (draft.expiresAt && draft.expiresAt <= now) {
    throw usageError(
      'EXPIRY_TOO_EARLY',
      `#${draft.id} expired while it waited for your answer.`,
      `Let it expire later, or not at all: /edit post:#${draft.id} without:expires`,
    );
  }
  const targets = only ? draft.targets.filter((id) => only.includes(id)) : draft.targets;
  const accounts = await ports.accounts.findMany(targets);
  const question = { counted: countingOnce(ports) };
  const issues = await checkPost(ports, draft, accounts, question);
  if (accounts.length === 0 || blocking(issues).length > 0)
    return { ...(await viewPost(ports, draft)), issues, twins: [] };
  const write = async (): Promise<Post> => {
    const post = await ports.posts.change(draft.workspaceId, draft.id, draft.revision, {
      standing: 'waiting',
      targets,
      ...(draft.immediate ? { dueAt: now } : {}),
      updatedAt: now,
    });
    if (!post) throw changedMeanwhile(draft.id);
    await plan(ports, post, accounts);
    return post;
  };
  const confirmed = await planWithRoom(ports, { ...draft, targets }, accounts, write, question);
  if ('planned' in confirmed) return { ...(await viewPost(ports, confirmed.planned)), issues, twins: [] };
  return { ...(await viewPost(ports, draft)), issues: confirmed.full, twins: [] };
}
