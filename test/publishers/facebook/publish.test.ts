import { describe, expect, it } from 'vitest';
import {
  content,
  fill,
  mediaItem,
  newRun,
  publishAll,
  publishStep,
  reconcileContext,
  sha256,
} from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startFacebook } from './harness.ts';

const HOUR = 3_600_000;

describe('words and links', () => {
  it('go in one call, and the answer leads to the post', async () => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const outcome = await publishAll(publisher, options(content({ text: 'Hello\n\ncafé 🔔' })));
    const [post] = simulator.posts();
    expect(post?.message).toBe('Hello\n\ncafé 🔔');
    expect(outcome).toEqual({
      state: 'published',
      id: post?.id,
      url: `https://www.facebook.com/${post?.id}`,
    });
    expect(calls()).toEqual(['POST :id/feed']);
  });

  it('a link becomes a card, also without words', async () => {
    const { simulator, publisher, options } = await startFacebook();
    await publishAll(publisher, options(content({ text: 'Read', link: 'https://example.org/a?b=1&c=2' })));
    await publishAll(publisher, options(content({ link: 'https://example.org/' })));
    expect(simulator.posts().map(({ message, link }) => [message, link])).toEqual([
      ['Read', 'https://example.org/a?b=1&c=2'],
      ['', 'https://example.org/'],
    ]);
  });

  it('the token is in a header only, and never in an address', async () => {
    const { simulator, publisher, options } = await startFacebook();
    await publishAll(publisher, options(content({ text: 'Hello' })));
    expect(simulator.requests[0]?.headers.authorization).toBe(`Bearer ${simulator.token}`);
    expect(JSON.stringify(simulator.requests[0]?.query)).not.toContain(simulator.token);
  });
});

describe('pictures', () => {
  it('one goes in one call with its alt text, and every byte arrives', async () => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const picture = mediaItem('image', {
      name: 'a.png',
      mime: 'image/png',
      alt: 'A "bell"\nin a tower',
      bytes: 300_000,
    });
    const outcome = await publishAll(
      publisher,
      options(content({ text: 'One', link: 'https://example.org' }, [picture])),
    );
    const [post] = simulator.posts();
    expect(post?.message).toBe('One\nhttps://example.org');
    expect(post?.photos).toMatchObject([
      { sha256: sha256(fill('a.png', 300_000)), alt: 'A "bell"\nin a tower', type: 'image/png' },
    ]);
    // The post, not the photo: that is what is shown, and what is removed.
    expect(outcome).toMatchObject({ id: post?.id });
    expect(calls()).toEqual(['POST :id/photos']);
  });

  it('several are uploaded unpublished, one a step, then one call makes the post', async () => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const pictures = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => mediaItem('image', { name, alt: name }));
    const run = newRun();
    await publishAll(publisher, options(content({ text: 'Three' }, pictures)), run);
    expect(simulator.posts()).toHaveLength(1);
    expect(simulator.posts()[0]?.photos.map(({ sha256: hash, alt }) => [hash, alt])).toEqual(
      pictures.map((each) => [each.sha256, each.name]),
    );
    expect(calls()).toEqual(['POST :id/photos', 'POST :id/photos', 'POST :id/photos', 'POST :id/feed']);
    expect(run.outcomes.map((each) => each.state)).toEqual(['pending', 'pending', 'pending', 'published']);
    expect(run.intents).toEqual([{ text: 'Three', mediaCount: 3, format: 'feed' }]);
  });

  it('that were edited since the checkpoint are uploaded, and not the old ones', async () => {
    const { simulator, publisher, options } = await startFacebook();
    const run = newRun();
    const pictures = (...names: string[]) => names.map((name) => mediaItem('image', { name }));
    await publishStep(publisher, options(content({}, pictures('a.jpg', 'b.jpg'))), run);
    await publishStep(publisher, options(content({}, pictures('a.jpg', 'b.jpg'))), run);
    const edited = [mediaItem('image', { name: 'a.jpg', alt: 'New words' }), ...pictures('c.jpg')];
    await publishAll(publisher, options(content({}, edited)), run);
    expect(simulator.posts()[0]?.photos.map(({ sha256: hash, alt }) => [hash, alt])).toEqual(
      edited.map((each) => [each.sha256, each.alt]),
    );
  });

  it('that Facebook has thrown away meanwhile are uploaded again', async () => {
    const { simulator, publisher, options, clock } = await startFacebook();
    const run = newRun();
    const steps = options(
      content({}, [mediaItem('image', { name: 'a.jpg' }), mediaItem('image', { name: 'b.jpg' })]),
    );
    await publishStep(publisher, steps, run);
    await publishStep(publisher, steps, run);
    clock.advance(23 * HOUR);
    await publishAll(publisher, steps, run);
    expect(simulator.posts()).toHaveLength(1);
    expect(simulator.photos()).toHaveLength(4);
  });
});

describe('the first comment', () => {
  const withComment = content({ text: 'Hello', firstComment: ' First! ' });

  it('is written after the post, as an attempt of its own', async () => {
    const { simulator, publisher, options, calls } = await startFacebook();
    const run = newRun();
    const outcome = await publishAll(publisher, options(withComment), run);
    const id = simulator.posts()[0]?.id;
    expect(outcome).toMatchObject({ state: 'published', id });
    expect(simulator.comments()).toEqual([{ on: id, message: 'First!' }]);
    expect(calls()).toEqual(['POST :id/feed', 'POST :id/comments']);
    expect(run.outcomes[0]).toMatchObject({ state: 'pending', id });
    expect(run.intents.map(({ text }) => text)).toEqual(['Hello', 'First!']);
  });

  it.each([
    [
      'a refusal',
      {
        do: 'answer',
        status: 400,
        body: { error: { code: 200, message: 'No right', type: 'OAuthException' } },
      },
      /^The first comment could not be written: Facebook does not permit it: “No right”. Write it there by hand\.$/,
    ],
    ['a broken connection', { do: 'drop', when: 'before' }, /^It is not known whether the first comment/],
    [
      'a page of a gateway',
      { do: 'answer', status: 502, body: '<html></html>' },
      /^It is not known whether the first comment/,
    ],
  ] as const)('%s to it does not touch the post, and is told beside it', async (_name, fault, remark) => {
    const { simulator, publisher, options } = await startFacebook();
    simulator.faults.next('POST', /comments$/, fault);
    const run = newRun();
    expect(await publishAll(publisher, options(withComment), run)).toMatchObject({
      state: 'published',
      remark: expect.stringMatching(remark),
    });
    expect(simulator.posts()).toHaveLength(1);
    expect(run.log.filter((line) => line.level === 'warn').map((line) => line.message)).toEqual([
      'the first comment could not be written; the post is there',
    ]);
  });

  it('is written once: a crash amid it leads to the post, not to a second comment', async () => {
    const { simulator, publisher, options } = await startFacebook();
    const run = newRun();
    await publishStep(publisher, options(withComment), run);
    await publishStep(publisher, options(withComment), { ...run, outcomes: [...run.outcomes] });
    // The outcome of the second step was never stored; what is stored is the attempt.
    const answer = await publisher.reconcile(reconcileContext(options(withComment), run));
    const remark = expect.stringMatching(/^It is not known whether the first comment was written/);
    expect(answer).toMatchObject({ state: 'published', id: simulator.posts()[0]?.id, remark });
    expect(simulator.comments()).toHaveLength(1);
  });
});

describe('removing', () => {
  it.each([
    ['a post', content({ text: 'Hello' })],
    ['a picture', content({}, [mediaItem('image')])],
    ['a reel', content({ text: 'Reel' }, [mediaItem('video')])],
    ['a video', content({ text: 'Video' }, [mediaItem('video', { width: 1280, height: 720 })])],
  ])('%s, by the id that was told', async (_name, what) => {
    const { simulator, publisher, options, account } = await startFacebook();
    const outcome = await publishAll(publisher, options(what));
    const id = outcome.state === 'published' ? outcome.id : '';
    await publisher.remove?.({ account, id, signal: new AbortController().signal });
    expect(simulator.created()).toBe(0);
  });

  it('a thing that Facebook does not let go is told', async () => {
    const { simulator, publisher, account } = await startFacebook();
    simulator.faults.next('DELETE', /./, {
      do: 'answer',
      status: 403,
      body: { error: { code: 10, message: 'Not yours' } },
    });
    const error = await failureOf(
      Promise.resolve(publisher.remove?.({ account, id: '1_2', signal: new AbortController().signal })),
    );
    expect(error.kind).toBe('PermissionMissing');
    expect(error.message).toContain('Not yours');
  });
});

describe('identify', () => {
  const { signal } = new AbortController();

  it('says whose page it is', async () => {
    const { simulator, publisher } = await startFacebook();
    expect(await publisher.identify(signal)).toEqual({
      remoteId: simulator.pageId,
      handle: 'acmebells',
      name: 'Acme Bells',
      profileUrl: 'https://www.facebook.com/acmebells',
    });
  });

  it('finds out that the token is a person’s', async () => {
    const { simulator, publisher } = await startFacebook();
    simulator.setOwner({ id: '42', name: 'Ann' });
    const error = await failureOf(publisher.identify(signal));
    expect([error.kind, error.message]).toEqual([
      'PermissionMissing',
      `The token belongs to “Ann” (42), not to the page ${simulator.pageId}.`,
    ]);
    expect(error.hint).toContain('/me/accounts');
  });

  it('refuses a token that does not work', async () => {
    const { simulator, publisher } = await startFacebook();
    simulator.refuseAll({ code: 190, error_subcode: 460, message: 'The session was invalidated' });
    const error = await failureOf(publisher.identify(signal));
    expect([error.kind, error.next.do]).toEqual(['AuthRevoked', 'reconnect']);
    expect(error.hint).toContain('password');
  });
});
