/** The way from a post's content to a container that can be published, one call a step. */

import { MINUTE } from '../../core/clock.ts';
import type { PublishContext } from '../../core/publisher.ts';
import type { Container, InstagramCheckpoint } from './checkpoint.ts';
import { type ContainerPorts, isFor, isUnknown, look, make, renew } from './containers.ts';
import { carouselOf, type Recipe, recipeOf, shownIn } from './recipe.ts';
import { sendVideo } from './upload.ts';

/** A container that was seen ready longer ago is looked at again: an earlier try may have published or spoilt it. */
const READY_MS = MINUTE;

export interface PreparePorts extends ContainerPorts {
  /** Containers that this process made and has pushed nothing into: their offset is known without asking. */
  readonly fresh: Set<string>;
}

/** What one step brought; `ready`: nothing is left to do. */
export type Prepared =
  | { readonly state: 'ready'; readonly container: Container }
  /** An earlier try has published it. */
  | { readonly state: 'published'; readonly container: Container }
  | { readonly state: 'step'; readonly checkpoint: InstagramCheckpoint; readonly lookAgainAt?: Date };

/** Throws MetaFailure and CarillonErrors. */
export async function prepare(
  ports: PreparePorts,
  checkpoint: InstagramCheckpoint,
  context: PublishContext,
): Promise<Prepared> {
  const { content } = context;
  const recipes = shownIn(content).map((item) => recipeOf(ports.mediaLinks, content, item));
  const items = checkpoint.items ?? [];
  const isAlone = recipes.length === 1;
  // All are made and filled first, so that Instagram works on them at the same time.
  for (const work of [fill, settle]) {
    for (const [index, recipe] of recipes.entries()) {
      const done = await work(ports, recipe, items[index], context, isAlone);
      if (!done) continue;
      if (done.isPublished) return { state: 'published', container: done.container };
      return step(
        { items: [...items.slice(0, index), done.container, ...items.slice(index + 1)] },
        done.lookAgainAt,
      );
    }
  }
  const [only] = items;
  if (isAlone && only) return { state: 'ready', container: only };
  const children = items.slice(0, recipes.length);
  const recipe = carouselOf(content, children);
  const done =
    (await fill(ports, recipe, checkpoint.whole, context)) ??
    (await settle(ports, recipe, checkpoint.whole, context, true));
  if (done?.isPublished) return { state: 'published', container: done.container };
  if (done) return step({ items: children, whole: done.container }, done.lookAgainAt);
  // `fill` has made sure of it.
  return { state: 'ready', container: checkpoint.whole as Container };
}

function step(checkpoint: InstagramCheckpoint, lookAgainAt: Date | undefined): Prepared {
  return { state: 'step', checkpoint, ...(lookAgainAt ? { lookAgainAt } : {}) };
}

interface Done {
  readonly container: Container;
  readonly lookAgainAt?: Date;
  readonly isPublished?: boolean;
}

/** Makes the container, or pushes its bytes; undefined when both are done. */
async function fill(
  ports: PreparePorts,
  recipe: Recipe,
  known: Container | undefined,
  context: PublishContext,
): Promise<Done | undefined> {
  const { session, fresh } = ports;
  if (!isFor(known, recipe, session.clock.now())) {
    const container = await make(ports, recipe, 0, context.signal);
    fresh.add(container.id);
    return { container };
  }
  if (known.state !== 'made' || !recipe.file) return undefined;
  try {
    await sendVideo(session, recipe.file, known, fresh.delete(known.id), context);
  } catch (error) {
    if (!isUnknown(error)) throw error;
    return { container: await renew(ports, recipe, known, 'Instagram does not know it any more', context) };
  }
  return { container: { ...known, state: 'uploaded' } };
}

/** Looks at the container until it is ready; undefined when it is. @param isPublished it is the one that is published */
async function settle(
  ports: PreparePorts,
  recipe: Recipe,
  known: Container | undefined,
  context: PublishContext,
  isPublished: boolean,
): Promise<Done | undefined> {
  if (!known) return undefined;
  const isOld = ports.session.clock.now().getTime() > (known.readyAt ?? 0) + READY_MS;
  // What is inside a carousel was looked at before the carousel was made, and is not looked at again.
  if (known.state === 'ready' && !(isPublished && isOld)) return undefined;
  return look(ports, recipe, known, context);
}
