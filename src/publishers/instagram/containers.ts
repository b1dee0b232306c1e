/**
 * Containers (https://developers.facebook.com/docs/instagram-platform/content-publishing): one for each medium, and one for a
 * carousel as a whole. Nobody sees them, so each may be made again; only publishing one creates something.
 */
import { after, HOUR, MINUTE, SECOND } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import type { PublishContext } from '../../core/publisher.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { rowOfSubcode } from '../meta/codes.ts';
import { MetaFailure } from '../meta/failure.ts';
import { type Standing, container as shape, standing } from './answers.ts';
import type { Container } from './checkpoint.ts';
import type { Recipe } from './recipe.ts';
import type { MediaLinks } from './settings.ts';

/** Instagram keeps a container for 24 hours; it is not relied on to its end. */
const LIFE_MS = 22 * HOUR;
/** A container that failed inside Instagram, or that it has forgotten, is made anew this often. */
const RENEWALS_MAX = 2;
/** Pauses between looks. The guide advises one a minute; most pictures are ready at once and most reels within some seconds. */
const LOOKS_MS = [5 * SECOND, 10 * SECOND, 20 * SECOND, 40 * SECOND] as const;
const LOOK_MS = MINUTE;
/** A quarter of an hour of video is ready within some minutes; after this Instagram has lost it. */
const PROCESSING_MS_MAX = HOUR;

export interface ContainerPorts {
  readonly session: MetaSession;
  readonly userId: string;
  readonly mediaLinks: MediaLinks | undefined;
}

/** True when the container is of this recipe and Instagram still has it. */
export function isFor(container: Container | undefined, recipe: Recipe, now: Date): container is Container {
  return container?.madeOf === recipe.madeOf && now.getTime() < container.at + LIFE_MS;
}

/** Makes a container. Throws MetaFailure. */
export async function make(
  { session, userId }: ContainerPorts,
  recipe: Recipe,
  renewals: number,
  signal: AbortSignal,
): Promise<Container> {
  const call = { method: 'POST', path: `${userId}/media`, form: recipe.form } as const;
  const { id, uri } = await ask(session, call, shape, signal);
  return {
    id,
    madeOf: recipe.madeOf,
    at: session.clock.now().getTime(),
    state: recipe.file ? 'made' : 'uploaded',
    ...(uri === undefined ? {} : { url: uri }),
    looks: 0,
    renewals,
  };
}

/** Makes a container again, unless that was tried often enough. Throws MetaFailure, MediaRejected. */
export function renew(
  ports: ContainerPorts,
  recipe: Recipe,
  { id, renewals }: Container,
  reason: string,
  { signal, log }: Pick<PublishContext, 'signal' | 'log'>,
): Promise<Container> {
  if (renewals >= RENEWALS_MAX) throw refused(recipe, `${reason} (${renewals + 1} times)`);
  log.warn({ container: id, renewals, reason }, 'a container at Instagram is made anew');
  return make(ports, recipe, renewals + 1, signal);
}

export interface Look {
  readonly container: Container;
  /** Absent: go on at once. */
  readonly lookAgainAt?: Date;
  /** It has been published already, by an earlier try. */
  readonly isPublished?: boolean;
}

/** Looks how far a container is; one that failed is made anew or refused. Throws MetaFailure, CarillonErrors. */
export async function look(
  ports: ContainerPorts,
  recipe: Recipe,
  container: Container,
  context: PublishContext,
): Promise<Look> {
  const { session } = ports;
  const now = session.clock.now();
  const anew = async (reason: string): Promise<Look> => ({
    container: await renew(ports, recipe, container, reason, context),
  });
  let seen: Standing | undefined;
  try {
    seen = await standingOf(session, container.id, context.signal);
  } catch (error) {
    if (!isUnknown(error)) throw error;
    return anew('Instagram does not know it any more');
  }
  switch (seen.status_code) {
    case 'PUBLISHED':
      return { container, isPublished: true };
    case 'FINISHED':
      return { container: { ...container, state: 'ready', readyAt: now.getTime() } };
    case 'EXPIRED':
      return anew('it expired');
    case 'ERROR':
      return failed(ports, recipe, seen.status ?? '', anew);
    default: {
      if (now.getTime() > container.at + PROCESSING_MS_MAX) return anew('processing did not end');
      context.progress(`Instagram is processing ${recipe.name}`);
      const pause = LOOKS_MS[container.looks] ?? LOOK_MS;
      return { container: { ...container, looks: container.looks + 1 }, lookAgainAt: after(now, pause) };
    }
  }
}

/** How a container stands. Throws MetaFailure. */
export function standingOf(session: MetaSession, id: string, signal: AbortSignal): Promise<Standing> {
  const query = { fields: 'status_code,status' };
  return ask(session, { method: 'GET', path: id, query }, standing, signal);
}

/** True for the answer that there is no such container. */
export function isUnknown(error: unknown): boolean {
  const problem = error instanceof MetaFailure ? error.facts.problem : undefined;
  return (
    (problem?.code === 100 && problem.subcode === 33) || (problem?.code === 24 && problem.subcode === 2207006)
  );
}

/** The subcode stands in the status of a container that failed; it decides whether another try makes sense. */
const SUBCODE = /\b2207\d{3}\b/;

function failed(
  { session }: ContainerPorts,
  recipe: Recipe,
  status: string,
  anew: (reason: string) => Promise<Look>,
): Promise<Look> {
  const subcode = SUBCODE.exec(status)?.[0];
  const row = subcode === undefined ? undefined : rowOfSubcode(Number(subcode), session.network);
  if (row?.means === 'media' || row?.means === 'content') throw refused(recipe, status, row.hint);
  if (row?.means === 'unreachable media') throw noFetch(status);
  return anew(status || 'it failed');
}

function refused({ name }: Recipe, said: string, hint?: string): Error {
  return failure('MediaRejected', {
    code: 'MEDIA_REJECTED',
    message: `Instagram refused ${name}: “${said.slice(0, 300)}”.`,
    hint: hint ?? 'Attach another file with /edit, then /retry.',
    context: { network: 'instagram', step: 'media' },
  });
}

function noFetch(said: string): Error {
  return failure('ConfigError', {
    code: 'CONFIG_INVALID',
    message: `Instagram could not fetch the picture: “${said.slice(0, 300)}”.`,
    hint: 'Check that PUBLIC_URL leads to this program from outside, over https; then /retry.',
    context: { network: 'instagram', step: 'media' },
  });
}
