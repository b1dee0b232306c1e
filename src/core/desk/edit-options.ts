/** The options of /edit, and what they ask for together. */
import type { CommandContext, OptionsOf, TargetChange } from '../command.ts';
import { usageError } from '../errors.ts';
import type { EditRequest } from '../services/edited.ts';
import type { Account, MediaItem, Post, Priority } from '../words.ts';
import {
  altWithoutMedia,
  COMPOSE_OPTIONS,
  pollLengthWithoutPoll,
  takeMedia,
  wordsOf,
} from './compose-options.ts';
import { POST_OPTION } from './post-option.ts';
import { takenAway, WITHOUT_OPTION } from './take-away.ts';

const { text, to: _to, media, ...others } = COMPOSE_OPTIONS;

export const EDIT_OPTIONS = {
  post: POST_OPTION,
  text: { ...text, summary: 'The new words' },
  to: {
    kind: 'targets',
    signed: true,
    summary: 'Words for this network or account only; +tumblr lets it go there, too, -x not any more',
  },
  when: { kind: 'moment', summary: 'Another time, such as "tomorrow 9:00"', typedOnly: true },
  media: { ...media, summary: 'Other pictures or another video, in place of all there were' },
  ...others,
  without: WITHOUT_OPTION,
} as const;

type EditOptions = OptionsOf<typeof EDIT_OPTIONS>;

/** Media are fetched for it. Errors: OPTION_INVALID, OPTION_MISSING, TARGET_UNKNOWN and those of media. */
export async function editRequest(context: CommandContext, options: EditOptions): Promise<EditRequest> {
  const { post } = options;
  const { services, workspace } = context;
  if (options.poll_length !== undefined && !options.poll && !hasPoll(post)) throw pollLengthWithoutPoll();
  const { accounts } = await services.posts.show(workspace.id, post.id);
  const { named = [], ...change } = options.to ?? {};
  const only = named.length > 0 ? { key: variantOf(named, post, accounts) } : undefined;
  const away = takenAway(withoutOf(options), post, only?.key);
  const targets = targetsOf(change, post, accounts);
  const taken = options.media && (await takeMedia(context, options.media));
  const described = options.alt !== undefined && !taken ? withAlt(post, options.alt) : taken;
  const ofPost: Omit<EditRequest, 'words'> = {
    ...ofPostWithout(post, away.ofPost),
    ...(described ? { media: described } : {}),
    ...(options.priority === undefined ? {} : { priority: options.priority as Priority }),
    ...(options.expires && options.expires !== 'never' ? { expiresAt: options.expires.at } : {}),
    ...(targets ? { targets } : {}),
    ...(options.when ? { at: options.when.at } : {}),
  };
  if (only && Object.keys(ofPost).length > 0) throw onlyWordsDiffer();
  const words = {
    ...wordsOf(options),
    ...(options.text === undefined ? {} : { text: options.text.trim() }),
  };
  if (Object.keys(words).length + Object.keys(ofPost).length + away.words.length === 0) {
    throw usageError(
      'OPTION_MISSING',
      'There is nothing to change.',
      `Give new words: /edit post:#${post.id} Better words`,
    );
  }
  return { words, without: away.words, ...ofPost, ...(only ? { only } : {}) };
}

function ofPostWithout(
  { media: items }: Post,
  names: ReturnType<typeof takenAway>['ofPost'],
): Omit<EditRequest, 'words'> {
  const withoutAlt = ({ alt: _alt, ...item }: MediaItem): MediaItem => item;
  return {
    ...(names.includes('alt') ? { media: items.map(withoutAlt) } : {}),
    ...(names.includes('media') ? { media: [] } : {}),
    ...(names.includes('priority') ? { priority: 'normal' } : {}),
    ...(names.includes('expires') ? { expiresAt: null } : {}),
  };
}

/** `expires:never` says in other words what `without:expires` says. */
function withoutOf({ without, expires }: EditOptions): string | undefined {
  return expires === 'never' ? `${without ?? ''} expires` : without;
}

/** The accounts that the post is to go to, where that changes. Errors: OPTION_INVALID, TARGET_UNKNOWN. */
function targetsOf(
  { added = [], dropped = [] }: Partial<Omit<TargetChange, 'named'>>,
  post: Post,
  accounts: readonly Account[],
): readonly Account[] | undefined {
  if (added.length === 0 && dropped.length === 0) return undefined;
  const isTarget = ({ id }: Account): boolean => post.targets.includes(id);
  const others = added.filter((account) => !isTarget(account));
  if (added.length > 0 && others.length === 0) {
    throw usageError(
      'OPTION_INVALID',
      `#${post.id} goes there already.`,
      `See where it goes: /show post:#${post.id}`,
    );
  }
  if (dropped.length > 0 && !dropped.some(isTarget)) throw goesNotThere(post);
  const left = [...accounts.filter(({ id }) => dropped.every((each) => each.id !== id)), ...others];
  if (left.length > 0) return left;
  throw usageError(
    'OPTION_INVALID',
    `#${post.id} would go nowhere.`,
    `Take it back with /cancel post:#${post.id}, or give another account, too: to:-x,+tumblr`,
  );
}

function goesNotThere({ id }: Post) {
  return usageError(
    'TARGET_UNKNOWN',
    `#${id} does not go to that account.`,
    `See where it goes with /show post:#${id}; to let it go there, too: /edit post:#${id} to:+…`,
  );
}

function onlyWordsDiffer() {
  return usageError(
    'OPTION_INVALID',
    'Pictures, videos, accounts, the time, `priority` and `expires` belong to the whole post; only words can differ.',
    'Leave `to` out to change them, and set the words for one network with another /edit.',
  );
}

/** The key of the words' variant: the network when all its accounts are meant, otherwise the one account. */
function variantOf(accounts: readonly Account[], post: Post, targetsOfPost: readonly Account[]): string {
  const meant = accounts.filter((account) => post.targets.includes(account.id));
  const [first] = meant;
  if (!first) throw goesNotThere(post);
  if (meant.length === 1)
    return targetsOfPost.filter((account) => account.network === first.network).length === 1
      ? first.network
      : first.id;
  if (meant.every((account) => account.network === first.network)) return first.network;
  throw usageError(
    'OPTION_INVALID',
    'Own words are set for one network or account at a time.',
    'Use one /edit for each.',
  );
}

/** Another description for the one picture or video that the post has already. */
function withAlt(post: Post, words: string): readonly MediaItem[] {
  const [only, ...others] = post.media;
  if (!only) throw altWithoutMedia('Give the picture with `media` too.');
  if (others.length > 0) {
    throw altWithoutMedia(
      `#${post.id} has ${post.media.length}: give them anew with \`media\`, and one \`alt\` for each in the same order.`,
    );
  }
  const { alt: _before, ...item } = only;
  return [words.trim() === '' ? item : { ...item, alt: words.trim() }];
}

const hasPoll = ({ words, variants }: Post): boolean =>
  [words, ...Object.values(variants)].some((each) => each.poll !== undefined);
