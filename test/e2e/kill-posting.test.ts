/**
 * SIGKILL in the middle of posting, again and again on one database: around the answer, while pictures are fitted and stored,
 * between the journal's two entries, while outcomes are told. Afterwards every account of every post that was answered has
 * its entry on the wall, and exactly one, and every outcome is told.
 *
 * KILL_ROUNDS=40 npx vitest run test/e2e/kill-posting makes a longer run.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSeededRandom } from '../helpers/manual-clock.ts';
import { noise } from '../media/samples.ts';
import { idsIn, newFolder, startProgram } from './program.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 5);

/** Rounds take turns. The kill is spread over about the time that the posts of a round take, and from the input over twice that. */
const KINDS = [
  { command: '/post to:x,tumblr', posts: 1, killedFrom: 'input', spreadMs: 60 },
  {
    command: '/post to:all media:noise.jpg alt:Noise',
    posts: 4,
    killedFrom: 'answer',
    spreadMs: 150,
  },
  { command: '/post to:x,tumblr', posts: 1, killedFrom: 'answer', spreadMs: 60 },
] as const;
const kindOf = (round: number): (typeof KINDS)[number] => KINDS[round % KINDS.length] ?? KINDS[0];

/** Without the leases of the dead broken this takes half a minute. */
const GOES_ON_WITHIN_MS = 20_000;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Posts whose cards were printed, with their words. */
function cardsIn(output: string): [string, string][] {
  return [...output.matchAll(/#([A-Z0-9]{5,6}) · on its way\n> (\S+)\n/g)].map(([, id = '', words = '']) => [
    id,
    words,
  ]);
}

/** Posts whose outcome was told; a notice quotes the words, the lines of a redrawn card do not. */
function toldIn(output: string): string[] {
  return [...output.matchAll(/#([A-Z0-9]{5,6}) · published\n“/g)].map(([, id = '']) => id);
}

/** What the wall has of a post when it is whole. */
function entriesOf(words: string): string[] {
  const hasPicture = kindOf(Number(words.split('-')[1])).posts > 1;
  const networks = hasPicture ? ['facebook', 'instagram', 'pinterest', 'tumblr', 'x'] : ['tumblr', 'x'];
  return networks.map((network) => `${network} ${words} ${hasPicture ? 'image' : ''}`);
}

it('loses no post that was answered, doubles none, and tells each outcome', async (t) => {
  const folder = newFolder(t);
  await noise(1600, 1200).jpeg().toFile(join(folder, 'noise.jpg'));
  const random = createSeededRandom(7);
  const answered = new Map<string, string>();
  const told = new Set<string>();
  const note = (output: string): void => {
    for (const [id, words] of cardsIn(output)) answered.set(id, words);
    const here = toldIn(output);
    // Nobody is told twice within one run.
    expect(new Set(here).size).toBe(here.length);
    for (const id of here) told.add(id);
  };

  for (let round = 0; round < ROUNDS; round += 1) {
    const { command, posts, killedFrom, spreadMs } = kindOf(round);
    const program = await startProgram(t, { folder });
    for (let index = 0; index < posts; index += 1) program.type(`${command} round-${round}-${index}`);
    if (killedFrom === 'answer') await program.sees(new RegExp(`· on its way\n> round-${round}-`));
    await pause(random.fraction() * spreadMs);
    await program.kill('SIGKILL');
    note(program.output);
    // What an earlier one was asked for is not answered again.
    for (const [, words] of cardsIn(program.output)) expect(words).toContain(`round-${round}-`);
    if (killedFrom === 'answer') expect([...answered.values()].join()).toContain(`round-${round}-`);
  }

  const begun = Date.now();
  const last = await startProgram(t, { folder });
  await last.until('every outcome', () => {
    const here = toldIn(last.output);
    return [...answered.keys()].every((id) => told.has(id) || here.includes(id));
  });
  // What died before its answer is finished too, and nobody here waits for its outcome: so it is asked again and again.
  const whatIsLeft = () => {
    last.type('/queue state:planned');
    return last.output;
  };
  await expect
    .poll(whatIsLeft, { interval: 200, timeout: GOES_ON_WITHIN_MS })
    .toContain('Nothing is planned');
  const wall = await last.wall();
  last.endInput();
  expect(await last.ended).toMatchObject({ code: 0 });
  expect(Date.now() - begun).toBeLessThan(GOES_ON_WITHIN_MS);
  note(last.output);

  const published = new Map<string, string[]>();
  for (const { post, network, text, media } of wall)
    published.set(post, [
      ...(published.get(post) ?? []),
      `${network} ${text} ${media.map(({ kind }) => kind).join()}`,
    ]);
  for (const [id, words] of answered) expect(published.get(id)?.sort(), id).toEqual(entriesOf(words));
  // What died before its answer is there as a whole or not at all, and under one id.
  for (const [id, entries] of published)
    expect(entries.sort(), id).toEqual(entriesOf(entries[0]?.split(' ')[1] ?? ''));
  const all = [...published.values()].flat();
  expect(new Set(all).size).toBe(all.length);
  expect(idsIn(last.output).filter((id) => !answered.has(id) && !published.has(id))).toEqual([]);
}, 200_000);
