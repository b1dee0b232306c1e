/**
 * SIGKILL in the middle of `/post`: at a random moment after the input was written, again and again on one database. What
 * was answered is there, nothing is on the wall twice, and every outcome is told.
 *
 * KILL_ROUNDS=40 npx vitest run test/e2e/kill-post makes a longer run.
 */
import { expect, it } from 'vitest';
import { createSeededRandom } from '../helpers/manual-clock.ts';
import { idsIn, newFolder, startProgram } from './program.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 4);
/** A post is stored, answered, published and told within some milliseconds; the kills are spread over twice that time. */
const SPREAD_MS = 60;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

it('loses no post that was answered, doubles none, and tells each outcome', async (t) => {
  const folder = newFolder(t);
  const random = createSeededRandom(20261124);
  const answered = new Map<string, string>();
  const told = new Map<string, number>();
  const note = (output: string, words: string | undefined): void => {
    const card = /#([A-Z0-9]{5,6}) · on its way\n> (\S+)\n/.exec(output);
    if (card?.[1]) answered.set(card[1], card[2] ?? '');
    if (words !== undefined && card) expect(card[2]).toBe(words);
    // A notice quotes the words; the lines of a card that is redrawn do not.
    for (const [, id = ''] of output.matchAll(/#([A-Z0-9]{5,6}) · published\n“/g))
      told.set(id, (told.get(id) ?? 0) + 1);
  };

  for (let round = 0; round < ROUNDS; round += 1) {
    const program = await startProgram(t, { folder });
    const words = `round-${round}`;
    program.type(`/post to:x,tumblr ${words}`);
    // Half of the kills come some time after the input, half some time after the answer.
    if (round % 2 === 1) await program.sees(words);
    await pause(random.fraction() * SPREAD_MS);
    await program.kill('SIGKILL');
    note(program.output, words);
    // Nobody was told twice within one run.
    expect([...program.output.matchAll(/#([A-Z0-9]{5,6}) · published\n“/g)].map(([, id]) => id)).toHaveLength(
      new Set([...program.output.matchAll(/#([A-Z0-9]{5,6}) · published\n“/g)].map(([, id]) => id)).size,
    );
  }

  const last = await startProgram(t, { folder });
  for (const id of answered.keys()) last.type(`/show post:#${id}`);
  await last.until('every post to be shown as published', () =>
    [...answered.keys()].every((id) => new RegExp(`#${id} · published`).test(last.output)),
  );
  const wall = await last.wall();
  const begun = Date.now();
  last.endInput();
  expect(await last.ended).toMatchObject({ code: 0 });
  // What the dead were about to tell is told at once, and not when their leases end.
  expect(Date.now() - begun).toBeLessThan(20_000);
  note(last.output, undefined);

  expect(answered.size).toBeGreaterThanOrEqual(ROUNDS / 2);
  for (const [id, words] of answered) {
    const entries = wall.filter(({ post }) => post === id);
    expect(entries.map(({ network, text }) => `${network} ${text}`).sort()).toEqual([
      `tumblr ${words}`,
      `x ${words}`,
    ]);
    expect(told.get(id), `outcome of ${id} (${words})`).toBeGreaterThanOrEqual(1);
  }
  // A post whose answer did not come out before the end is there once or not at all.
  const all = wall.map(({ network, text }) => `${network} ${text}`);
  expect(new Set(all).size).toBe(all.length);
  expect(idsIn(last.output).every((id) => answered.has(id) || wall.some(({ post }) => post === id))).toBe(
    true,
  );
}, 200_000);
