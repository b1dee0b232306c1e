import { describe, expect, it } from 'vitest';
import { content, newRun, publishAll } from '../../helpers/publishing.ts';
import { picture, startInstagram, video } from './harness.ts';

const MAKING = /\/media$/;

describe('the cover of a reel', () => {
  it('is the moment that was named, in milliseconds', async () => {
    const { simulator, publisher, options } = await startInstagram();
    await publishAll(publisher, options(content({ text: 'Ding', cover: 3 }, [video()])));
    expect(simulator.media()).toMatchObject([{ container: { kind: 'video', cover: 3000 } }]);
  });

  it('is the picture that was sent with it, which has no container of its own', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    const what = content({ text: 'Ding', format: 'reel' }, [picture('a.jpg'), video()]);
    expect(publisher.validate(what)).toEqual([]);
    await publishAll(publisher, options(what), run);
    expect(simulator.media()).toMatchObject([
      { container: { kind: 'video', cover: picture('a.jpg').sha256 } },
    ]);
    expect(
      simulator.requests.filter(({ method, path }) => method === 'POST' && MAKING.test(path)),
    ).toHaveLength(1);
    expect(run.intents).toEqual([{ text: 'Ding', mediaCount: 1, format: 'reel' }]);
  });

  it('that is another one after an edit makes a new container', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    const reel = (name: string) => options(content({ format: 'reel' }, [picture(name), video()]));
    simulator.faults.next('POST', /media_publish$/, { do: 'drop', when: 'before' });
    await publishAll(publisher, reel('a.jpg'), run).catch(() => undefined);
    await publishAll(publisher, reel('b.jpg'), run);
    expect(simulator.media()).toMatchObject([{ container: { cover: picture('b.jpg').sha256 } }]);
  });

  it('is not asked for in a carousel, where the picture is shown', async () => {
    const { simulator, publisher, options } = await startInstagram();
    await publishAll(publisher, options(content({}, [picture('a.jpg'), video()])));
    expect(simulator.media()).toMatchObject([{ container: { kind: 'carousel' } }]);
  });
});
