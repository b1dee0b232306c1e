/**
 * SIGKILL in the middle of publishing to the wall: while pictures are fitted and stored, between the journal's two entries,
 * while outcomes are told. Afterwards every account of every answered post has its entry, and exactly one.
 *
 * KILL_ROUNDS=40 npx vitest run test/e2e/kill-publishing makes a longer run.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSeededRandom } from '../helpers/manual-clock.ts';
import { noise } from '../media/samples.ts';
import { newFolder, startProgram } from './program.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
const POSTS_A_ROUND = 4;
const NETWORKS = ['facebook', 'instagram', 'pinterest', 'tumblr', 'x'];
/** From the first answer: about the time that one round's posts take. */
const SPREAD_MS = 150;
/** A wall's entry that was not confirmed is looked for a moment later; without the leases of the dead broken this takes half a minute. */
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

it('publishes each post once on each account, however often the process dies', async (t) => {
  const folder = newFolder(t);
  await noise(1600, 1200).jpeg().toFile(join(folder, 'noise.jpg'));
  const random = createSeededRandom(7);
  const answered = new Map<string, string>();
  const told: string[] = [];

  for (let round = 0; round < ROUNDS; round += 1) {
    const program = await startProgram(t, { folder });
    for (let index = 0; index < POSTS_A_ROUND; index += 1) {
      program.type(`/post to:all media:noise.jpg alt:Noise round-${round}-${index}`);
    }
    await program.sees(new RegExp(`· on its way\n> round-${round}-`));
    await pause(random.fraction() * SPREAD_MS);
    await program.kill('SIGKILL');
    for (const [id, words] of cardsIn(program.output)) answered.set(id, words);
    const here = toldIn(program.output);
    expect(new Set(here).size).toBe(here.length);
    told.push(...here);
  }

  const begun = Date.now();
  const last = await startProgram(t, { folder });
  last.type('/queue state:planned');
  last.endInput();
  expect(await last.ended).toMatchObject({ code: 0 });
  expect(Date.now() - begun).toBeLessThan(GOES_ON_WITHIN_MS);
  told.push(...toldIn(last.output));

  const reader = await startProgram(t, { folder });
  const wall = await reader.wall();
  const published = new Map<string, string[]>();
  for (const { post, network } of wall) published.set(post, [...(published.get(post) ?? []), network]);
  expect(answered.size).toBeGreaterThanOrEqual(ROUNDS);
  for (const [id, words] of answered) {
    expect(published.get(id)?.sort(), `${id} (${words})`).toEqual(NETWORKS);
    expect(told, `outcome of ${id} (${words})`).toContain(id);
  }
  // What died before its answer is there as a whole or not at all.
  for (const [id, networks] of published) expect(networks.sort(), id).toEqual(NETWORKS);
  for (const { media } of wall) expect(media).toMatchObject([{ kind: 'image' }]);
  reader.type('/queue state:planned');
  await reader.sees('Nothing is planned');
}, 200_000);
