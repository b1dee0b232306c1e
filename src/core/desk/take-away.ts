/** `without:link,expires`: what an edit takes away again. A chat's own form cannot give an option an empty value. */
import type { Choice } from '../command.ts';
import { usageError } from '../errors.ts';
import { nearestName } from '../nearest-name.ts';
import type { Post, Words } from '../words.ts';

const OF_WORDS = {
  text: ['text'],
  link: ['link'],
  title: ['title'],
  board: ['board'],
  first_comment: ['firstComment'],
  thread: ['thread'],
  poll: ['poll', 'pollMinutes'],
  poll_length: ['pollMinutes'],
  replies: ['replies'],
  as: ['format'],
  fit: ['fit'],
  cover: ['cover'],
} as const satisfies Readonly<Record<string, readonly (keyof Words)[]>>;

/** What belongs to the whole post, not to the words of single accounts. */
const OF_POST = ['media', 'alt', 'priority', 'expires'] as const;

type WordName = keyof typeof OF_WORDS;
type PostName = (typeof OF_POST)[number];
const NAMES: readonly string[] = [...Object.keys(OF_WORDS), ...OF_POST];

export interface TakenAway {
  readonly words: readonly (keyof Words)[];
  readonly ofPost: readonly PostName[];
}

export const WITHOUT_OPTION = {
  kind: 'text',
  summary: 'What to take away again, by the names of the options, such as link,expires',
  max: 200,
  suggest: suggestNames,
} as const;

/** @param key the network or account whose own words are meant; absent: the common ones. Error: OPTION_INVALID. */
export function takenAway(typed: string | undefined, post: Post, key?: string): TakenAway {
  const names = (typed ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  for (const name of names) refuseUnknown(name);
  const words = key === undefined ? post.words : (post.variants[key] ?? {});
  const found = names.filter((name) => (isOfPost(name) ? hasOfPost(post, name) : hasWords(words, name)));
  if (names.length > 0 && found.length === 0) {
    const whose = key === undefined ? `#${post.id} has` : 'That account has of its own';
    throw usageError(
      'OPTION_INVALID',
      `${whose} no ${names.join(', ')}.`,
      `See what it has: /show post:#${post.id}`,
    );
  }
  return {
    words: found.flatMap((name) => (name in OF_WORDS ? OF_WORDS[name as WordName] : [])),
    ofPost: found.filter(isOfPost),
  };
}

function refuseUnknown(name: string): void {
  if (NAMES.includes(name)) return;
  const near = nearestName(name, NAMES);
  throw usageError(
    'OPTION_INVALID',
    `“${name.slice(0, 40)}” cannot be taken away.${near ? ` Did you mean ${near}?` : ''}`,
    `Possible: ${NAMES.join(', ')}.`,
  );
}

const isOfPost = (name: string): name is PostName => OF_POST.some((each) => each === name);

function hasWords(words: Partial<Words>, name: string): boolean {
  return OF_WORDS[name as WordName].some((field) => words[field] !== undefined);
}

function hasOfPost(post: Post, name: PostName): boolean {
  if (name === 'media') return post.media.length > 0;
  if (name === 'alt') return post.media.some(({ alt }) => alt !== undefined);
  return name === 'expires' ? post.expiresAt !== undefined : post.priority !== 'normal';
}

/** The last name of a list is being typed. */
function suggestNames(typed: string): readonly Choice[] {
  const [, before = '', begun = ''] = /^(.*?)([^\s,]*)$/s.exec(typed.toLowerCase()) ?? [];
  return NAMES.filter((name) => name.startsWith(begun)).map((name) => ({
    value: before + name,
    label: before + name,
  }));
}
