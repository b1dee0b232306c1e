/**
 * Pinterest for real. The creating call is POST /v5/pins. What proves that it happened is the id in its answer, or the pin on
 * the board; what proves that it did not is a definite refusal, a request that did not leave whole, or the whole board
 * without the pin after five minutes. A call that was refused because the access had run out goes out again as a new try.
 */

import type { Capabilities } from '../../core/capabilities.ts';
import { after, type Clock, MINUTE } from '../../core/clock.ts';
import { failure } from '../../core/errors.ts';
import type {
  Identification,
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../core/publisher.ts';
import { type NetworkRules, validateBy } from '../network-rules.ts';
import { refuseWhenStopped } from '../stopped.ts';
import type { TokenVault } from '../token-vault.ts';
import { anyAnswer, createdPin, userAccount } from './answers.ts';
import { ask, inStep, type PinterestSession } from './ask.ts';
import { type Boards, createBoards } from './boards.ts';
import { checkpointOf } from './checkpoint.ts';
import { createPinterestClient } from './client.ts';
import { isGone } from './errors.ts';
import { PinterestFailure } from './failure.ts';
import { insights } from './insights.ts';
import { isTrial } from './limits.ts';
import { locate } from './locate.ts';
import { intentOf, pinBody } from './pin.ts';
import { lookForPin } from './readback.ts';
import { pinterest } from './rules.ts';
import type { PinterestSettings } from './settings.ts';
import { isReady, uploadStep } from './upload.ts';

/** A pin is on its board within seconds; an absence is believed only after this time. */
const SETTLING_MS = 5 * MINUTE;
/** Pause between looks that could not tell. */
const LOOK_AGAIN_MS = MINUTE;

interface Session extends PinterestSession {
  readonly boards: Boards;
  readonly defaultBoard: string | undefined;
}

export function createPinterestPublisher(
  settings: PinterestSettings,
  vault: TokenVault,
  clock: Clock,
): Publisher {
  const calls: PinterestSession = { client: createPinterestClient(settings, vault, clock), clock };
  const session: Session = { ...calls, boards: createBoards(calls), defaultBoard: settings.boardId };
  const rules = rulesWith(settings.boardId);
  return {
    network: rules.network,
    label: rules.label,
    capabilities: rules.capabilities,
    validate: (content) => validateBy(rules, content),
    publish: (context) => publish(session, context),
    reconcile: (context) => inStep(session, 'read', () => reconcile(session, context)),
    locate: async ({ url }) => locate(url),
    remove: ({ id, signal }) => inStep(session, 'remove', () => remove(session, id, signal)),
    insights: (context) => inStep(session, 'insights', () => insights(session, context)),
    identify: (signal) => inStep(session, 'identify', () => identify(session, signal)),
    boards: ({ signal }) => inStep(session, 'read', () => session.boards.read(signal)),
  };
}

/** With a board of its own in the configuration, a pin need not name one. */
function rulesWith(boardId: string | undefined): NetworkRules {
  const capabilities: Capabilities = {
    ...pinterest.capabilities,
    board: { required: boardId === undefined },
  };
  return { ...pinterest, capabilities };
}

/** The board first, then a video step by step, then the one creating call, which carries the pictures. */
async function publish(session: Session, context: PublishContext): Promise<PublishOutcome> {
  const { content, random, signal } = context;
  const now = session.clock.now();
  const known = checkpointOf(context.checkpoint);
  refuseWhenStopped(signal);
  const asked = content.board?.trim() || session.defaultBoard || '';
  const board = known.board?.asked === asked ? known.board : undefined;
  if (!board) {
    const id = await inStep(session, 'read', () => findBoard(session, asked, signal));
    return { state: 'pending', checkpoint: { ...known, board: { asked, id } }, lookAgainAt: now };
  }
  const video = content.media.find(({ kind }) => kind === 'video');
  if (video && !isReady(known.upload, video, now)) {
    const step = await inStep(session, 'media', () => uploadStep(session, video, known.upload, context));
    const checkpoint = { ...known, upload: step.upload };
    return { state: 'pending', checkpoint, lookAgainAt: step.lookAgainAt ?? session.clock.now() };
  }
  const body = pinBody(content, { boardId: board.id, mediaId: video && known.upload?.id }, random);
  await session.client.refuseWhenSpent({ method: 'POST' });
  await context.creating(intentOf(content));
  const { id } = await inStep(session, 'create', () =>
    ask(session, { method: 'POST', path: 'pins', body, once: true }, createdPin, signal),
  );
  return { state: 'published', id, url: permalink(id) };
}

async function findBoard({ boards }: Session, asked: string, signal: AbortSignal): Promise<string> {
  if (asked !== '') return boards.find(asked, signal);
  throw failure('ContentRejected', {
    code: 'CONTENT_REJECTED',
    message: 'A pin needs a board, and none is named.',
    hint: 'Name one with /edit board:NAME, or set PINTEREST_BOARD_ID; then /retry.',
  });
}

function permalink(id: string): string {
  return `https://www.pinterest.com/pin/${id}/`;
}

async function reconcile(session: Session, context: ReconcileContext): Promise<ReconcileOutcome> {
  const { sentAt } = context;
  const { board } = checkpointOf(context.checkpoint);
  const found = board ? await lookForPin(session, board.id, sentAt, context) : 'cannot tell';
  const now = session.clock.now();
  if (typeof found === 'object') return { state: 'published', id: found.id, url: permalink(found.id) };
  const settledAt = after(sentAt, SETTLING_MS);
  if (now < settledAt) return { state: 'unknown', lookAgainAt: settledAt };
  if (found === 'not there') return { state: 'absent' };
  return { state: 'unknown', lookAgainAt: after(now, LOOK_AGAIN_MS) };
}

async function remove(session: PinterestSession, id: string, signal: AbortSignal): Promise<void> {
  try {
    await ask(session, { method: 'DELETE', path: `pins/${id}` }, anyAnswer, signal);
  } catch (error) {
    // Gone already is what was wanted. A 404 in other words may come from a wrong address and says nothing.
    if (!(error instanceof PinterestFailure && isGone(error))) throw error;
  }
}

/** Trial access is told with the name: it is where people see whom the credentials belong to. */
async function identify(session: PinterestSession, signal: AbortSignal): Promise<Identification> {
  const account = await ask(session, { method: 'GET', path: 'user_account' }, userAccount, signal);
  const name = account.business_name?.trim() || account.username;
  const note = isTrial(session.client.limits) ? ' (trial access: only you see these pins)' : '';
  return {
    remoteId: account.id ?? account.username,
    handle: account.username,
    name: `${name}${note}`,
    profileUrl: `https://www.pinterest.com/${account.username}/`,
  };
}
