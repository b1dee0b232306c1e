/** SIGKILL and SIGTERM while a call that creates something is on its way to X. */
import { describe, expect, it } from 'vitest';
import { newFolder, startProgram } from './program.ts';
import { creations, eventually, holdCreation, startX, timelines } from './x.ts';

describe('a process that dies after it has sent', () => {
  it.concurrent.for<[string, boolean]>([
    ['while X is still at it', false],
    ['when X has done it and the answer is on its way', true],
  ])(
    '%s, finds the post at the next start, sends nothing, and tells the outcome once',
    async ([, isDone], t) => {
      const { x, env } = await startX(t);
      const folder = newFolder(t);
      const first = await startProgram(t, { folder, env });
      const letGo = holdCreation(x);
      first.type('/post to:x Halfway');
      await eventually('the creating call', () => creations(x) === 1);
      if (isDone) {
        // The process is stopped, so that it cannot read the answer that X now gives.
        first.child.kill('SIGSTOP');
        letGo();
        await eventually('the effect', () => x.tweets().length === 1);
      }
      await first.kill('SIGKILL');
      letGo();
      await eventually('the effect', () => x.tweets().length === 1);

      const second = await startProgram(t, { folder, env });
      await second.sees(/#[A-Z0-9]+ · published\n“Halfway”\n\[ok\] X acme {2}published https/);
      second.endInput();
      expect(await second.ended).toMatchObject({ code: 0 });
      expect(`${first.output}${second.output}`.match(/· published\n“Halfway”/g)).toHaveLength(1);
      expect(x.tweets()).toHaveLength(1);
      expect(creations(x)).toBe(1);
    },
  );

  it.concurrent('before X did anything, is not sent again as long as its absence is not proven', async (t) => {
    const { x, env } = await startX(t);
    const folder = newFolder(t);
    const first = await startProgram(t, { folder, env });
    const letGo = holdCreation(x);
    first.type('/post to:x Nowhere yet');
    await eventually('the creating call', () => creations(x) === 1);
    await first.kill('SIGKILL');

    const second = await startProgram(t, { folder, env });
    await eventually('a look at the timeline', () => timelines(x) > 0);
    second.type('/queue');
    const [, id] = await second.sees(/\[working\] #([A-Z0-9]+)/);
    second.type(`/show post:#${id}`);
    await second.sees('no answer came; looking whether it is there');
    // X gets to it only now: a second sending would have made it two.
    letGo();
    await eventually('the effect', () => x.tweets().length === 1);
    expect(creations(x)).toBe(1);
  });
});

describe('a process that is told to stop while it sends', () => {
  it.concurrent('ends the step in hand, keeps its outcome, and exits with 0', async (t) => {
    const { x, env } = await startX(t);
    const folder = newFolder(t);
    const first = await startProgram(t, { folder, env });
    const letGo = holdCreation(x);
    first.type('/post to:x Last words');
    // A script has ended its input and waits for the outcome when the signal comes.
    first.endInput();
    await eventually('the creating call', () => creations(x) === 1);
    const ended = first.kill('SIGTERM');
    await first.logs('stopping');
    letGo();
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect((await ended).afterMs).toBeLessThan(7_000);

    const second = await startProgram(t, { folder, env });
    second.endInput();
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(`${first.output}${second.output}`.match(/· published\n“Last words”/g)).toHaveLength(1);
    expect(creations(x)).toBe(1);
    expect(timelines(x)).toBe(0);
  });

  it.concurrent('that never ends is cut off within 10 s, with exit code 0, and the next start goes on at once', async (t) => {
    const { x, env } = await startX(t);
    const folder = newFolder(t);
    const first = await startProgram(t, { folder, env });
    const letGo = holdCreation(x);
    first.type('/post to:x Stuck');
    await eventually('the creating call', () => creations(x) === 1);
    const ended = await first.kill('SIGTERM');
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.afterMs).toBeLessThan(10_000);
    letGo();
    await eventually('the effect', () => x.tweets().length === 1);

    const begun = Date.now();
    const second = await startProgram(t, { folder, env });
    await second.sees(/“Stuck”\n\[ok\] X acme/);
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(creations(x)).toBe(1);
  });
});
