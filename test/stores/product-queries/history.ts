/** Years of a bot's life, written past the stores: what is finished lies around what is open. */
import type { Connection } from 'mongoose';

/** The instant at which the queries are asked. */
export const NOW = new Date('2031-03-04T09:00:00.000Z');
export const seconds = (count: number): Date => new Date(NOW.getTime() + count * 1000);

export const ACCOUNTS = 20;
const BATCH = 2_000;
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export interface Size {
  /** Finished posts, each with one delivery. */
  readonly finished: number;
  /** Posts that wait, a tenth of them due. */
  readonly waiting: number;
  /** Alarms that wait. */
  readonly alarms: number;
}

/** The id of the post with a number; its first letters are spread like those of random ids. */
export function postId(number: number): string {
  let mixed = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  let id = '';
  for (let letter = 0; letter < 4; letter += 1) {
    id += ALPHABET[mixed % ALPHABET.length];
    mixed = Math.floor(mixed / ALPHABET.length);
  }
  return `${id}${number.toString(32).toUpperCase()}`;
}

const accountOf = (number: number): string => `A${number % ACCOUNTS}`;

/** Every eighth has a picture of its own. */
function mediaOf(number: number): Record<string, unknown>[] {
  if (number % 8 !== 0) return [];
  const facts = { kind: 'image', mime: 'image/png', bytes: 3, width: 2, height: 1 };
  return [{ ...facts, sha256: `m${number}`, name: 'a.png' }];
}

function use(number: number, size: Size): Record<string, unknown> {
  const sha256 = `m${number}`;
  const at = dueAt(number, size);
  return { _id: `W1/${sha256}`, workspaceId: 'W1', sha256, bytes: 3, createdAt: at, lastUsedAt: at };
}

function post(number: number, size: Size): Record<string, unknown> {
  const isOld = number < size.finished;
  const conversation = { frontend: 'chat', id: `C${number % 50}`, kind: 'group' };
  const standings = ['done', 'done', 'done', 'cancelled', 'draft'];
  return {
    _id: postId(number),
    workspaceId: 'W1',
    standing: isOld ? standings[number % 4] : number % 100 === 0 ? 'attention' : 'waiting',
    revision: 0,
    rollUps: 0,
    words: { text: `Words ${number}` },
    variants: {},
    media: mediaOf(number),
    targets: [accountOf(number)],
    dueAt: dueAt(number, size),
    immediate: false,
    timeZone: 'Europe/Rome',
    priority: 'normal',
    origin: { conversation, person: 'chat:7', personName: 'Ada' },
    originKey: `chat:C1:M${number}`,
    card: { conversation, messageId: String(number) },
    createdAt: NOW,
    updatedAt: NOW,
    wordsKey: `key-${number % 5_000}`,
    variantKeys: number % 10 === 0 ? [`variant-${number}`] : [],
  };
}

/** A minute apart: the past for what is finished, around now for what waits. */
function dueAt(number: number, size: Size): Date {
  const isOld = number < size.finished;
  return isOld
    ? seconds((number - size.finished - 10) * 60)
    : seconds((number - size.finished - size.waiting / 10) * 60);
}

function delivery(number: number, size: Size): Record<string, unknown> {
  const isOld = number < size.finished;
  const at = dueAt(number, size);
  return {
    _id: `${postId(number)}.${accountOf(number)}`,
    workspaceId: 'W1',
    postId: postId(number),
    accountId: accountOf(number),
    network: 'alpha',
    state: isOld ? 'published' : 'scheduled',
    dueAt: at,
    ...(isOld ? { settledAt: at } : { nextAttemptAt: at }),
    priority: number % 3,
    failures: 0,
    looks: 0,
    attempts: [],
    createdAt: NOW,
    updatedAt: NOW,
  };
}

function notice(number: number, size: Size): Record<string, unknown> {
  const isOld = number < size.finished;
  return {
    _id: `${postId(number)}.card`,
    workspaceId: 'W1',
    postId: postId(number),
    kind: 'card',
    frontend: number % 2 ? 'chat' : 'mail',
    state: isOld ? 'told' : 'pending',
    version: 1,
    failures: 0,
    createdAt: NOW,
    ...(isOld ? { settledAt: NOW } : { nextAttemptAt: dueAt(number, size) }),
  };
}

function wallEntry(number: number, size: Size): Record<string, unknown> {
  const _id = `wall-${number}`;
  const delivery = `${postId(number)}.${accountOf(number)}`;
  return {
    _id,
    workspaceId: 'W1',
    network: 'alpha',
    account: accountOf(number),
    handle: '@x',
    post: postId(number),
    delivery,
    text: 'x',
    media: mediaOf(number),
    at: dueAt(number, size),
  };
}

function inboxEntry(number: number, size: Size): Record<string, unknown> {
  const isOld = number < size.finished;
  if (number % 3 === 0) return { _id: `note:${number}`, payload: 'x', expiresAt: seconds(number) };
  return {
    _id: `in:S:${number}`,
    keptAt: seconds(number - size.finished),
    ...(isOld ? {} : { source: 'S', begun: false, tries: 0, payload: 'x' }),
  };
}

function alarm(number: number): Record<string, unknown> {
  const at = seconds(60 + number);
  const rest = { priority: 0, type: 'normal', lastModifiedBy: null, lastRunAt: null, lastFinishedAt: null };
  return {
    name: 'publish-post',
    data: { postId: postId(number), at },
    nextRunAt: at,
    lockedAt: null,
    ...rest,
  };
}

/** Fills a database whose indexes are there already. */
export async function fill(connection: Connection, size: Size): Promise<void> {
  const posts = size.finished + size.waiting;
  await many(connection, 'posts', posts, (number) => post(number, size));
  await many(connection, 'deliveries', posts, (number) => delivery(number, size));
  await many(connection, 'notices', posts, (number) => notice(number, size));
  await many(connection, 'wall', posts, (number) => wallEntry(number, size));
  await many(connection, 'media', posts, (number) => use(number, size));
  await many(connection, 'telegram_inbox', posts, (number) => inboxEntry(number, size));
  await many(connection, 'agendaJobs', size.alarms, alarm);
  await many(connection, 'platform_accounts', ACCOUNTS, (number) => ({
    _id: `A${number}`,
    workspaceId: 'W1',
    network: 'alpha',
    mode: 'rehearsal',
    profile: `handle:@${number}`,
    handle: `@${number}`,
    name: 'Bakery',
    source: 'rehearsal',
    active: true,
    health: 'ok',
    createdAt: NOW,
  }));
  await many(connection, 'workspaces', 200, (number) => ({
    _id: `W${number}`,
    name: 'Bakery',
    timeZone: 'Europe/Rome',
    locale: 'en',
    defaultTargets: [],
    conversations: [`chat:C${number}`],
    createdAt: NOW,
  }));
  await many(connection, 'people', 400, (number) => {
    const [identity, workspaceId] = [`chat:${number}`, `W${number % 200}`];
    return {
      _id: `${workspaceId}/${identity}`,
      identity,
      workspaceId,
      role: 'owner',
      name: 'Ada',
      addedAt: NOW,
    };
  });
}

async function many(
  connection: Connection,
  collection: string,
  count: number,
  make: (number: number) => Record<string, unknown>,
): Promise<void> {
  for (let start = 0; start < count; start += BATCH) {
    const length = Math.min(BATCH, count - start);
    await connection
      .collection(collection)
      .insertMany(Array.from({ length }, (_, index) => make(start + index)) as never);
  }
}
