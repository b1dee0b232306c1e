/**
 * SIGKILL while messages of Telegram are worked on: Telegram has handed them over, so nobody else will bring them again.
 *
 * KILL_ROUNDS=40 npx vitest run test/e2e/telegram-kill makes a longer run.
 */
import { expect, it } from 'vitest';
import { createSeededRandom } from '../helpers/manual-clock.ts';
import { newFolder, startProgram } from './program.ts';
import { claim, onWall, outcome, outcomes, sees, startTelegram } from './telegram.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
const SPREAD_MS = 120;

it('does what each message says once, and tells its outcome', async (t) => {
  const folder = newFolder(t);
  const here = await startTelegram(t, startProgram, { folder });
  const { anna, telegram, env } = here;
  await claim(here);
  const random = createSeededRandom(42);
  let { program } = here;
  for (let round = 0; round < ROUNDS; round += 1) {
    anna.say(`/post to:x,tumblr round ${round}`);
    anna.say(`/schedule to:x when:"in 1 sec" later ${round}`);
    // Some die on the way to the messages, some in the middle of the work.
    if (round % 3 !== 0) await telegram.waitForRequest('sendMessage', telegram.calls('sendMessage').length);
    await new Promise((resolve) => setTimeout(resolve, random.fraction() * SPREAD_MS));
    await program.kill('SIGKILL');
    program = await startProgram(t, { folder, env });
    // A message that kills the process again and again is given up and told; these do not deserve that.
    await sees(anna.chat, `round ${round}`);
    await sees(anna.chat, `later ${round}`);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await outcome(anna.chat, `round ${round}`);
    await outcome(anna.chat, `later ${round}`);
    expect((await onWall(program, `round ${round}`)).map(({ network }) => network).sort()).toEqual([
      'tumblr',
      'x',
    ]);
    expect(await onWall(program, `later ${round}`)).toHaveLength(1);
    // Telegram knows no nonce: death between its sending and our note of it may tell an outcome once more, and only then.
    expect(outcomes(anna.chat, `round ${round}`).length).toBeLessThanOrEqual(2);
  }
}, 200_000);
