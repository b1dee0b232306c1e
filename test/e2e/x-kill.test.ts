/** SIGKILL and SIGTERM while a call that creates something is on its way to X. */
import { describe, expect, it } from 'vitest';
import { newFolder, startProgram } from './program.ts';
import { creations, eventually, holdCreation, startX, timelines } from './x.ts';

describe('a process that dies after it has sent', () => {
  it.concurrent('finds the post at the next start and tells the outcome once; what is not proven absent is not sent again', async (t) => {
    const { x, env } = await startX(t);
    const folder = newFolder(t);
    const first = await startProgram(t, { folder, env });
    const whileAtIt = holdCreation(x);
    first.type('/post to:x Halfway');
    await eventually('the creating call', () => creations(x) === 1);
    await first.kill('SIGKILL');
    whileAtIt();
    await eventually('the effect', () => x.tweets().length === 1);

    const second = await startProgram(t, { folder, env });
    await second.sees(/#[A-Z0-9]+ · published\n“Halfway”\n\[ok\] X acme {2}published https/);
    const whenDone = holdCreation(x);
    second.type('/post to:x Unheard');
    await eventually('the second creating call', () => creations(x) === 2);
    // The process is stopped, so that it cannot read the answer that X now gives.
    second.child.kill('SIGSTOP');
    whenDone();
    await eventually('the second effect', () => x.tweets().length === 2);
    await second.kill('SIGKILL');

    const third = await startProgram(t, { folder, env });
    await third.sees(/#[A-Z0-9]+ · published\n“Unheard”\n\[ok\] X acme {2}published https/);

    const lookedBefore = timelines(x);
    const letGo = holdCreation(x);
    third.type('/post to:x Nowhere yet');
    await eventually('the third creating call', () => creations(x) === 3);
    await third.kill('SIGKILL');

    // X has done nothing yet, and still it may: as long as its absence is not proven it is not sent again.
    const fourth = await startProgram(t, { folder, env });
    await eventually('a look at the timeline', () => timelines(x) > lookedBefore);
    fourth.type('/queue');
    const [, id] = await fourth.sees(/\[working\] #([A-Z0-9]+)/);
    fourth.type(`/show post:#${id}`);
    await fourth.sees('no answer came; looking whether it is there');
    letGo();
    await eventually('the third effect', () => x.tweets().length === 3);
    expect(creations(x)).toBe(3);

    const said = `${first.output}${second.output}${third.output}${fourth.output}`;
    for (const words of ['Halfway', 'Unheard'])
      expect(said.match(new RegExp(`· published\\n“${words}”`, 'g')), words).toHaveLength(1);
    expect(x.tweets().map(({ sent }) => sent)).toEqual(['Halfway', 'Unheard', 'Nowhere yet']);
  });
});

describe('a process that is told to stop while it sends', () => {
  it.concurrent('ends the step in hand and keeps its outcome; one that never ends is cut off within 10 s, and the next start goes on at once', async (t) => {
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
    const letStuckGo = holdCreation(x);
    second.type('/post to:x Stuck');
    await eventually('the second creating call', () => creations(x) === 2);
    expect(timelines(x)).toBe(0);
    const cutOff = await second.kill('SIGTERM');
    expect(cutOff).toMatchObject({ code: 0, signal: null });
    expect(cutOff.afterMs).toBeLessThan(10_000);
    letStuckGo();
    await eventually('the effect', () => x.tweets().length === 2);

    const begun = Date.now();
    const third = await startProgram(t, { folder, env });
    await third.sees(/“Stuck”\n\[ok\] X acme/);
    expect(Date.now() - begun).toBeLessThan(15_000);
    third.endInput();
    expect(await third.ended).toMatchObject({ code: 0 });
    const said = `${first.output}${second.output}${third.output}`;
    expect(said.match(/· published\n“Last words”/g)).toHaveLength(1);
    expect(creations(x)).toBe(2);
  });
});
