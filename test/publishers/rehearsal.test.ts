import { describe, expect, it } from 'vitest';
import { NETWORK_RULES } from '../../src/publishers/index.ts';
import { createRehearsalPublisher } from '../../src/publishers/rehearsal.ts';
import { publisherContract } from '../contract/publisher.ts';
import { createManualClock } from '../helpers/manual-clock.ts';
import { createMemoryBlobs, createMemoryWall } from '../helpers/memory-wall.ts';
import {
  account,
  content,
  fill,
  mediaItem,
  newRun,
  publishAll,
  publishStep,
  reconcileContext,
  sha256,
} from '../helpers/publishing.ts';

function rehearse(network: string) {
  const rules = NETWORK_RULES.find((each) => each.network === network)!;
  const wall = createMemoryWall();
  const blobs = createMemoryBlobs();
  const publisher = createRehearsalPublisher(rules, {
    wall,
    blobs,
    wallAddress: () => 'http://127.0.0.1:3000/wall',
  });
  return {
    publisher,
    wall,
    blobs,
    clock: createManualClock(),
    account: account(network, { mode: 'rehearsal' }),
  };
}

for (const { network, capabilities } of NETWORK_RULES) {
  publisherContract(`${network} rehearsal`, async () => {
    const { publisher, wall, clock, account: who } = rehearse(network);
    const picture = mediaItem('image', { alt: 'A bell' });
    return {
      publisher,
      account: who,
      clock,
      smallest: content({ text: 'Hello' }, capabilities.media.required ? [picture] : []),
      withMedia: content({ text: 'Hello again' }, [picture]),
      created: async () => wall.entries.length,
      breakCreating: wall.failNext,
      secrets: [],
      stop: async () => {},
    };
  });
}

describe('rehearsal', () => {
  it('keeps the media first, one a step, and then writes one entry with all that the network would show', async () => {
    const { publisher, wall, blobs, clock, account: who } = rehearse('pinterest');
    const media = [
      mediaItem('image', { name: 'a.jpg', alt: 'First' }),
      mediaItem('image', { name: 'b.jpg' }),
    ];
    const words = content({ text: 'A pin', title: 'Bells', link: 'https://example.com/bells' }, media);
    const run = newRun();
    const outcome = await publishAll(publisher, { account: who, content: words, clock }, run);
    expect(run.outcomes.map((each) => each.state)).toEqual(['pending', 'pending', 'published']);
    expect(wall.entries).toHaveLength(1);
    const [entry] = wall.entries;
    expect(entry).toEqual({
      id: entry!.id,
      workspaceId: 'workspace',
      network: 'pinterest',
      account: 'account-pinterest',
      handle: 'acme',
      post: 'POST1',
      delivery: 'POST1.account',
      text: 'A pin',
      title: 'Bells',
      link: 'https://example.com/bells',
      media: [
        {
          sha256: sha256(fill('a.jpg', 1000)),
          kind: 'image',
          mime: 'image/jpeg',
          bytes: 1000,
          width: 1080,
          height: 1080,
          alt: 'First',
        },
        {
          sha256: sha256(fill('b.jpg', 1000)),
          kind: 'image',
          mime: 'image/jpeg',
          bytes: 1000,
          width: 1080,
          height: 1080,
        },
      ],
      at: clock.now(),
    });
    expect([...blobs.contents.keys()].sort()).toEqual(media.map((each) => each.sha256).sort());
    expect(outcome).toEqual({
      state: 'published',
      id: entry!.id,
      url: `http://127.0.0.1:3000/wall#${entry!.id}`,
    });
  });

  it('says as what it stands, and has the cover of a video', async () => {
    const video = mediaItem('video', { fastStart: true });
    const still = mediaItem('image', { name: 'still.jpg' });
    for (const [network, words, media, shown] of [
      ['instagram', { format: 'story', text: 'Ding' }, [video], { format: 'story', text: '' }],
      ['instagram', { cover: 3 }, [video], { format: 'reel', media: [{ kind: 'video', coverSecond: 3 }] }],
      ['pinterest', {}, [video, still], { media: [{ kind: 'video' }, { kind: 'image', isCover: true }] }],
    ] as const) {
      const { publisher, wall, clock, account: who } = rehearse(network);
      await publishAll(publisher, { account: who, content: content(words, media), clock });
      expect(wall.entries).toMatchObject([shown]);
    }
  });

  it('shows a link where the network does: in the text of X, nowhere on Instagram', async () => {
    for (const [network, text, link] of [
      ['x', 'Hello\nhttps://example.com/', undefined],
      ['facebook', 'Hello', 'https://example.com/'],
      ['instagram', 'Hello', undefined],
    ] as const) {
      const { publisher, wall, clock, account: who } = rehearse(network);
      const media = network === 'instagram' ? [mediaItem('image')] : [];
      await publishAll(publisher, {
        account: who,
        content: content({ text: 'Hello', link: 'https://example.com/' }, media),
        clock,
      });
      expect(wall.entries[0]?.text).toBe(text);
      expect(wall.entries[0]?.link).toBe(link);
    }
  });

  it('has the poll and who may reply, where the network has them', async () => {
    for (const [network, shown] of [
      ['x', { poll: { options: ['Yes', 'No'], minutes: 1440 }, replies: 'verified' }],
      ['tumblr', {}],
    ] as const) {
      const { publisher, wall, clock, account: who } = rehearse(network);
      const words = content({ text: 'Shall we?', poll: ['Yes', 'No'], replies: 'verified' });
      await publishAll(publisher, { account: who, content: words, clock });
      const { poll, replies } = wall.entries[0]!;
      expect({ ...(poll && { poll }), ...(replies && { replies }) }).toEqual(shown);
    }
  });

  it('is a thread where the network has them: a part at a time, each found again by its number', async () => {
    const { publisher, wall, clock, account: who } = rehearse('x');
    const run = newRun();
    const words = content({ text: 'One\n---\nTwo\n---\nThree', thread: true, replies: 'verified' }, [
      mediaItem('image'),
    ]);
    const steps = { account: who, content: words, clock };
    await publishStep(publisher, steps, run);
    await publishStep(publisher, steps, run);
    wall.failNext('after');
    await expect(publishStep(publisher, steps, run)).rejects.toMatchObject({ kind: 'OutcomeUnknown' });
    const found = await publisher.reconcile(reconcileContext(steps, run));
    expect(found).toMatchObject({ state: 'published', id: wall.entries[1]?.id });
    run.parts = [...(run.parts ?? []), { id: wall.entries[1]!.id, text: 'Two' }];
    await publishAll(publisher, steps, run);
    expect(wall.entries).toMatchObject([
      { text: 'One', part: { number: 1, of: 3 }, replies: 'verified', media: [{ kind: 'image' }] },
      { text: 'Two', part: { number: 2, of: 3 }, answers: wall.entries[0]?.id, media: [] },
      { text: 'Three', part: { number: 3, of: 3 }, answers: wall.entries[1]?.id, media: [] },
    ]);
  });

  it('keeps anew what was edited since the checkpoint', async () => {
    const { publisher, wall, clock, account: who } = rehearse('pinterest');
    const run = newRun();
    const old = content({ text: 'Pin' }, [mediaItem('image', { name: 'old.jpg' }), mediaItem('image')]);
    await publishStep(publisher, { account: who, content: old, clock }, run);
    const edited = content({ text: 'Pin', board: 'Bells' }, [mediaItem('image', { name: 'new.jpg' })]);
    await publishAll(publisher, { account: who, content: edited, clock }, run);
    expect(wall.entries.map((each) => [each.board, each.media.map((item) => item.sha256)])).toEqual([
      ['Bells', [edited.media[0]?.sha256]],
    ]);
  });

  it('needs no board, where the real Pinterest does', () => {
    const { publisher } = rehearse('pinterest');
    expect(publisher.validate(content({ text: 'A pin' }, [mediaItem('image')]))).toEqual([]);
    expect(NETWORK_RULES.find((each) => each.network === 'pinterest')?.capabilities.board).toEqual({
      required: true,
    });
  });

  it('believes an absence only after a lost write has had time to arrive', async () => {
    const { publisher, wall, clock, account: who } = rehearse('x');
    wall.failNext('before');
    const run = newRun();
    await publishAll(publisher, { account: who, content: content({ text: 'Hi' }), clock }, run).catch(
      () => {},
    );
    const context = {
      account: who,
      deliveryId: 'POST1.account',
      postId: 'POST1',
      intent: run.intents[0]!,
      sentAt: run.sentAt!,
      clock,
      log: { debug() {}, info() {}, warn() {}, error() {}, child: () => context.log },
      signal: new AbortController().signal,
    };
    expect(await publisher.reconcile(context)).toEqual({
      state: 'unknown',
      lookAgainAt: new Date(clock.now().getTime() + 2000),
    });
    clock.advance(2000);
    expect(await publisher.reconcile(context)).toEqual({ state: 'absent' });
  });
});
