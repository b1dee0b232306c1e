/** The card of a post: the one message that shows how it stands and what can be done about it. */
import { isRemovalRefused, needsPerson } from '../delivery/standing.ts';
import { type Block, code, type Reply, strong, text } from '../reply.ts';
import type { AccountIssues } from '../services/check.ts';
import { blocking } from '../services/check.ts';
import type { ConversionStanding } from '../services/conversions.ts';
import type { PostView } from '../services/post-view.ts';
import type { Post, PostStanding } from '../words.ts';
import { buttonsFor, draftButtons, freeButton, hasStumbled, outButtons } from './buttons.ts';
import { cardState } from './card-state.ts';
import { besides, choiceButtons, fitButtons } from './choice-buttons.ts';
import { conversionButtons, conversionLines, convertedLines } from './conversion-lines.ts';
import { issueRows } from './issue-rows.ts';
import { mendLine } from './mend-line.ts';
import {
  type DrawContext,
  deliveryRow,
  firstWords,
  idOf,
  mediaLine,
  STANDING_WORDS,
  timeOf,
} from './parts.ts';
import { threadBlocks } from './thread.ts';
import { wordLines } from './words.ts';

export interface CardExtras {
  /** Rules that are broken and warnings, as found just now. */
  readonly issues?: readonly AccountIssues[];
  readonly twins?: readonly Post[];
  /** What just happened, above everything else. */
  readonly lead?: string;
  /** What was assumed when the moment was read. */
  readonly notes?: readonly string[];
  /** Whether a draft's videos can be converted, or how far that is. */
  readonly conversion?: ConversionStanding;
}

export function drawCard(view: PostView, context: DrawContext, extras: CardExtras = {}): Reply {
  const { post, deliveries, accounts } = view;
  const issues = extras.issues ?? [];
  const blocked = post.standing === 'draft' ? blocking(issues) : [];
  const fits = fitButtons(post, issues);
  const twins = extras.twins ?? [];
  const free = freeButton(post, blocking(issues));
  const lead =
    extras.lead ?? (post.standing === 'draft' ? draftLead(blocked.length > 0, twins.length > 0) : undefined);
  const blocks: Block[] = [
    ...(lead ? [text(lead)] : []),
    ...(post.words.text ? [{ kind: 'quote', text: post.words.text } as const] : []),
    ...wordLines(view, context),
    ...(mediaLine(post) ? [text(...(mediaLine(post) ?? []))] : []),
    ...convertedLines(view, context),
    ...whenLines(view, context, extras.notes ?? []),
    {
      kind: 'rows',
      rows: accounts.map((account) =>
        deliveryRow(
          deliveries.find((each) => each.accountId === account.id),
          account,
          post,
          context,
        ),
      ),
    },
    ...(issues.length > 0 ? [{ kind: 'rows', rows: issueRows(issues, context) } as const] : []),
    ...mendLine(post, blocked),
    ...threadBlocks(issues, context.labelOf),
    ...twins.map((twin) => twinLine(twin, context)),
    ...conversionLines(extras.conversion, context),
  ];
  return {
    tone: toneOf(view, blocked.length > 0 || twins.length > 0),
    title: [strong(idOf(post)), ` · ${titleOf(view)}`],
    blocks,
    buttons:
      post.standing === 'draft'
        ? besides(
            [...choiceButtons(post, blocked), ...draftButtons(view, blocked, context)],
            [...fits, ...conversionButtons(post, extras.conversion)],
          )
        : besides([...(free ? [[free]] : []), ...buttonsFor(view, context), ...outButtons(view)], fits),
    card: post.id,
    cardState: cardState(view, extras.conversion),
  };
}

function twinLine(twin: Post, context: DrawContext): Block {
  return text(`${TWIN_WORDS[twin.standing]}: `, strong(idOf(twin)), ', ', timeOf(twin.dueAt, context), '.');
}

const TWIN_WORDS: Readonly<Record<PostStanding, string>> = {
  draft: 'The same words are in a draft',
  waiting: 'The same words are queued already',
  working: 'The same words are being published',
  attention: 'The same words are in a post that needs you',
  done: 'The same words went out already',
  cancelled: 'The same words were cancelled',
};

function draftLead(isBlocked: boolean, hasTwins: boolean): string {
  if (isBlocked) return 'Nothing goes out yet: the post breaks a rule. It is kept as a draft.';
  if (hasTwins) return 'Nothing goes out yet: another post within a day says the same words. Is that meant?';
  return 'A draft: nothing goes out yet.';
}

function whenLines({ post, deliveries }: PostView, context: DrawContext, notes: readonly string[]): Block[] {
  if (post.standing === 'done' || post.standing === 'working' || post.standing === 'attention') return [];
  const said = notes.map((note) => text(note));
  if (post.standing === 'cancelled') return [text('Was planned for ', timeOf(post.dueAt, context))];
  if (post.immediate && post.standing === 'draft') return [text('Goes out as soon as you say so'), ...said];
  // What waits after a failed try has its next instant in its row.
  if (post.immediate) return deliveries.some(hasStumbled) ? said : [text('Goes out now'), ...said];
  if (post.standing === 'draft' && post.dueAt <= context.now)
    return [text('Was to go out ', timeOf(post.dueAt, context), ': choose another time.'), ...said];
  return [text('Goes out ', timeOf(post.dueAt, context)), ...said];
}

/** The state in a few words; "3 of 5 published" when accounts differ. */
export function titleOf({ post, deliveries }: PostView): string {
  const published = deliveries.filter((each) => each.state === 'published').length;
  if (post.standing === 'draft' || deliveries.length === 0) return STANDING_WORDS[post.standing];
  if (deliveries.some((each) => each.state === 'removing')) return 'being removed';
  if (deliveries.some(isRemovalRefused)) return 'could not be removed';
  if (published === deliveries.length) return 'published';
  if (deliveries.every((each) => each.state === 'cancelled')) return 'cancelled';
  if (deliveries.every((each) => each.state === 'failed')) return 'failed';
  if (deliveries.every((each) => each.state === 'expired')) return 'expired';
  const removed = deliveries.filter((each) => each.state === 'removed').length;
  if (removed > 0 && published === 0) return 'removed';
  if (removed > 0) return `removed from ${removed} of ${deliveries.length}`;
  if (published > 0) return `${published} of ${deliveries.length} published`;
  if (post.immediate && post.standing === 'waiting') return 'on its way';
  return STANDING_WORDS[post.standing];
}

function toneOf({ post, deliveries }: PostView, undecided: boolean): Reply['tone'] {
  if (undecided || deliveries.some(needsPerson) || deliveries.some(isRemovalRefused)) return 'warning';
  if (deliveries.some((each) => each.state === 'failed')) return 'error';
  return post.standing === 'done' ? 'success' : 'info';
}

/** A message that tells an outcome, or asks. */
export function drawNotice(view: PostView, kind: 'outcome' | 'question', context: DrawContext): Reply {
  const { post, deliveries, accounts } = view;
  const rows = accounts.map((account) =>
    deliveryRow(
      deliveries.find((each) => each.accountId === account.id),
      account,
      post,
      context,
    ),
  );
  const title = kind === 'question' ? 'needs you' : titleOf(view);
  return {
    tone: toneOf(view, false),
    title: [strong(idOf(post)), ` · ${title}`],
    blocks: [
      ...(post.words.text ? [text(`“${firstWords(post.words.text, 80)}”`)] : []),
      { kind: 'rows', rows },
      ...(kind === 'outcome' && deliveries.some((each) => each.state === 'failed')
        ? [text('What to do: use the buttons, or ', code(`/retry post:${idOf(post)}`), '.')]
        : []),
    ],
    buttons: buttonsFor(view, context),
  };
}
