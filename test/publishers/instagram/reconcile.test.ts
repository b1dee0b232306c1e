import { describe, expect, it } from 'vitest';
import { content, publishAll, reconcileContext } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { interrupt } from '../reconciling.ts';
import { INSTAGRAM, picture, startInstagram, video } from './harness.ts';

const MINUTE = 60_000;

describe('the container proves what happened', () => {
  it.each([
    ['a picture', content({ text: 'Ding\n\ncafe\u0301' }, [picture('a.jpg')])],
    ['a picture without words', content({}, [picture('a.jpg')])],
    ['a reel', content({ text: 'Reel' }, [video()])],
    ['a carousel', content({ text: 'Two' }, [picture('a.jpg'), picture('b.jpg')])],
    ['a story of a picture', content({ format: 'story' }, [picture('a.jpg')])],
    ['a story of a video', content({ format: 'story', text: 'Not shown' }, [video()])],
  ])('PUBLISHED: %s is found in the list', async (_name, what) => {
    const setup = await startInstagram();
    const { look } = await interrupt(INSTAGRAM, setup, what);
    const [medium] = setup.simulator.media();
    expect(await look()).toEqual({
      state: 'published',
      id: medium?.id,
      url: medium?.container.isStory
        ? `https://www.instagram.com/stories/acme/9${medium.id}`
        : `https://www.instagram.com/p/${medium?.id.slice(-6)}/`,
    });
  });

  it.each([-280_000, 280_000])('PUBLISHED, by a clock that differs by %i ms', async (difference) => {
    const setup = await startInstagram({}, difference);
    const { look } = await interrupt(INSTAGRAM, setup, content({ text: 'X' }, [picture('a.jpg')]));
    expect((await look()).state).toBe('published');
  });

  it('PUBLISHED, while the list lags behind: processing, never absent', async () => {
    const setup = await startInstagram({ lagMs: 5 * MINUTE });
    const { look } = await interrupt(INSTAGRAM, setup, content({ text: 'X' }, [picture('a.jpg')]));
    expect((await look()).state).toBe('processing');
    setup.clock.advance(4 * MINUTE);
    expect((await look()).state).toBe('processing');
    setup.clock.advance(MINUTE);
    expect((await look()).state).toBe('published');
  });

  it('PUBLISHED, and never in the list: a person is asked in the end', async () => {
    const setup = await startInstagram({ lagMs: 1e9 });
    const { look } = await interrupt(INSTAGRAM, setup, content({ text: 'X' }, [picture('a.jpg')]));
    setup.clock.advance(11 * MINUTE);
    expect((await look()).state).toBe('unknown');
  });

  it('FINISHED: absent after two minutes, and then it is published once', async () => {
    const setup = await startInstagram();
    const { look, run, steps } = await interrupt(
      INSTAGRAM,
      setup,
      content({ text: 'X' }, [picture('a.jpg'), picture('b.jpg')]),
      'before',
    );
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(2 * MINUTE - 1);
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(1);
    expect((await look()).state).toBe('absent');
    await publishAll(setup.publisher, steps, run);
    expect(setup.simulator.media()).toHaveLength(1);
  });

  it('EXPIRED: absent, since it cannot be published any more', async () => {
    const setup = await startInstagram({ lifeMs: 10 * MINUTE });
    const { look, run, steps } = await interrupt(
      INSTAGRAM,
      setup,
      content({ text: 'X' }, [picture('a.jpg')]),
      'before',
    );
    setup.clock.advance(11 * MINUTE);
    expect((await look()).state).toBe('absent');
    await publishAll(setup.publisher, steps, run);
    expect(setup.simulator.media()).toHaveLength(1);
  });

  it('IN_PROGRESS: it is being published', async () => {
    const setup = await startInstagram();
    const { look } = await interrupt(INSTAGRAM, setup, content({ text: 'X' }, [picture('a.jpg')]), 'before');
    setup.simulator.containers()[0]!.readyAt = Number.MAX_SAFE_INTEGER;
    setup.clock.advance(5 * MINUTE);
    expect((await look()).state).toBe('processing');
  });

  it('no such container any more: the list decides, later', async () => {
    for (const when of ['after', 'before'] as const) {
      const setup = await startInstagram({ lagMs: MINUTE });
      const { look } = await interrupt(INSTAGRAM, setup, content({ text: 'X' }, [picture('a.jpg')]), when);
      setup.simulator.forget(setup.simulator.containers()[0]!.id);
      expect((await look()).state).toBe('unknown');
      setup.clock.advance(10 * MINUTE);
      expect((await look()).state).toBe(when === 'after' ? 'published' : 'absent');
    }
  });

  it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
    'an answer that is %s proves nothing',
    async (how) => {
      const setup = await startInstagram();
      const { look } = await interrupt(INSTAGRAM, setup, content({ text: 'X' }, [picture('a.jpg')]));
      setup.clock.advance(30 * MINUTE);
      setup.simulator.faults.next('GET', /./, { do: 'spoil', how });
      expect((await failureOf(look())).kind).toBe('PlatformUnavailable');
      expect((await look()).state).toBe('published');
    },
  );
});

describe('what is something else is not taken for it', () => {
  it.each([
    ['other words', content({ text: 'Y' }, [picture('a.jpg')])],
    ['a carousel with the same words', content({ text: 'X' }, [picture('a.jpg'), picture('b.jpg')])],
  ])('%s', async (_name, other) => {
    const setup = await startInstagram({ lagMs: 0 });
    await publishAll(setup.publisher, setup.options(other));
    const { look } = await interrupt(INSTAGRAM, setup, content({ text: 'X' }, [picture('c.jpg')]));
    expect(await look()).toMatchObject({ state: 'published', id: setup.simulator.media()[1]?.id });
  });

  it('a double that belongs to another post of ours', async () => {
    const setup = await startInstagram();
    const steps = setup.options(content({}, [picture('a.jpg')]));
    const first = await publishAll(setup.publisher, steps);
    const { run } = await interrupt(INSTAGRAM, setup, content({}, [picture('b.jpg')]));
    const isFirst = async (id: string) => first.state === 'published' && first.id === id;
    const context = { ...reconcileContext(steps, run), isTaken: isFirst };
    expect(await setup.publisher.reconcile(context)).toMatchObject({ id: setup.simulator.media()[1]?.id });
    const all = { ...context, isTaken: async () => true };
    expect((await setup.publisher.reconcile(all)).state).toBe('processing');
  });

  it('such a double, when the container turns out to be published already', async () => {
    const setup = await startInstagram();
    const steps = setup.options(content({}, [picture('a.jpg')]));
    const first = await publishAll(setup.publisher, steps);
    const { run } = await interrupt(INSTAGRAM, setup, content({}, [picture('b.jpg')]));
    setup.clock.advance(2 * MINUTE);
    const isTaken = async (id: string) => first.state === 'published' && first.id === id;
    const again = setup.options(content({}, [picture('b.jpg')]), { isTaken });
    expect(await publishAll(setup.publisher, again, run)).toMatchObject({
      id: setup.simulator.media()[1]?.id,
    });
    expect(setup.simulator.media()).toHaveLength(2);
  });
});

describe('stories have no words to be known by', () => {
  const story = content({ format: 'story' }, [picture('a.jpg')]);

  it('one of two is ours when the other is known to be another post', async () => {
    const setup = await startInstagram();
    await publishAll(setup.publisher, setup.options(story));
    const { run, steps } = await interrupt(INSTAGRAM, setup, story);
    const [other, ours] = setup.simulator.media();
    const context = reconcileContext(steps, run);
    // It is published, but which one it is nobody can tell: a person is asked in the end.
    expect((await setup.publisher.reconcile(context)).state).toBe('processing');
    expect(
      await setup.publisher.reconcile({ ...context, isTaken: async (id) => id === other?.id }),
    ).toMatchObject({ state: 'published', id: ours?.id });
    setup.clock.advance(11 * MINUTE);
    expect((await setup.publisher.reconcile(context)).state).toBe('unknown');
  });

  it('without its container, the list proves an absence for a day only', async () => {
    const setup = await startInstagram();
    const { look } = await interrupt(INSTAGRAM, setup, story, 'before');
    setup.simulator.forget(setup.simulator.containers()[0]!.id);
    expect((await look()).state).toBe('unknown');
    setup.clock.advance(10 * MINUTE);
    expect((await look()).state).toBe('absent');
    setup.clock.advance(24 * 60 * MINUTE);
    expect((await look()).state).toBe('unknown');
  });

  it('a story is not looked for in the feed, nor a picture among the stories', async () => {
    const setup = await startInstagram();
    await publishAll(setup.publisher, setup.options(story));
    const { look } = await interrupt(INSTAGRAM, setup, content({}, [picture('b.jpg')]));
    expect(await look()).toMatchObject({ state: 'published', id: setup.simulator.media()[1]?.id });
  });
});
