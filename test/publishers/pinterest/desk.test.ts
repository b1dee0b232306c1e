/** Pinterest as people meet it: commands as they are typed, the real publisher, the simulator behind it. */
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/core/clock.ts';
import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import { labelsOf } from '../../commands/read.ts';
import { LOCAL } from '../../helpers/keyboard.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { mediaItem } from '../../helpers/publishing.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import { useStages } from '../../helpers/stage.ts';
import { type PinterestSimulator, startPinterestSimulator } from '../../simulators/pinterest/server.ts';
import { BELLS } from './harness.ts';

const createStage = useStages();
const RECIPES = '549755885175002';

async function start(
  t: { onTestFinished(done: () => Promise<void>): void },
  settings: Partial<PinterestSimulator['options']> = {},
  boardId?: string,
) {
  let pinterest!: PinterestSimulator;
  const stage = await createStage({
    live: async (clock) => {
      pinterest = await startPinterestSimulator({ now: () => clock.now(), ...settings });
      const { accessToken } = pinterest.tokens();
      const board = boardId === undefined ? {} : { boardId };
      const credentials = { accessToken };
      return [
        createPinterestPublisher({ credentials, apiUrl: pinterest.url, ...board }, memoryVault(), clock),
      ];
    },
  });
  t.onTestFinished(() => pinterest.stop());
  const suggest = (typed: string, given: Record<string, string> = {}, command = 'post') =>
    stage.engine.desk.complete({
      identity: 'terminal:local',
      name: 'you',
      conversation: LOCAL,
      signal: new AbortController().signal,
      command,
      option: 'board',
      typed,
      given,
    });
  const listings = () => pinterest.requests.filter(({ path }) => path === '/v5/boards').length;
  return { stage, pinterest, suggest, listings };
}

const named = (...names: string[]) => names.map((name) => ({ value: name, label: name }));

describe('the board of a pin', () => {
  it('is suggested from the boards of the accounts that are meant', async (t) => {
    const { stage, suggest, listings } = await start(t);
    expect(await suggest('')).toEqual(named('Bells', 'Summer recipes'));
    expect(await suggest('REC', { to: 'pinterest' })).toEqual(named('Summer recipes'));
    expect(await suggest('', { to: 'x' })).toEqual([]);
    expect(await suggest('', { to: 'x,pin' })).toEqual(named('Bells', 'Summer recipes'));
    const elsewhere = idIn(await stage.type('/schedule to:x when:tomorrow Elsewhere'));
    expect(await suggest('', { post: elsewhere }, 'edit')).toEqual([]);
    const pin = idIn(await stage.type('/schedule to:pinterest when:tomorrow board:Bells media:a.png Here'));
    expect(await suggest('b', { post: `#${pin}` }, 'edit')).toEqual(named('Bells'));
    expect(listings()).toBe(1);
  });

  it('is suggested from the list as it was a while ago, which is read anew meanwhile', async (t) => {
    const { stage, pinterest, suggest, listings } = await start(t);
    await suggest('');
    pinterest.options.boards = [...pinterest.options.boards, { id: '549755885175003', name: 'Wells' }];
    await stage.pass(4 * MINUTE);
    await suggest('');
    expect(listings()).toBe(1);
    await stage.pass(2 * MINUTE);
    expect(await suggest('w')).toEqual([]);
    await expect.poll(() => suggest('w')).toEqual(named('Wells'));
    expect(listings()).toBe(2);
  });

  it('is suggested in time although the network hangs, and what is known by then', async (t) => {
    const { stage, pinterest, suggest } = await start(t);
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    t.onTestFinished(release);
    pinterest.faults.next('GET', /boards$/, { do: 'hold', until });
    const first = suggest('');
    await expect.poll(() => pinterest.requests.at(-1)?.path).toBe('/v5/boards');
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + 2 * SECOND));
    expect(await first).toEqual([]);
    release();
    await expect.poll(() => suggest('')).toEqual(named('Bells', 'Summer recipes'));
    expect(stage.log.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('that is not there makes a draft with the nearest name, and a button chooses one', async (t) => {
    const { stage, pinterest } = await start(t);
    const draft = await stage.type('/schedule to:pinterest,x when:tomorrow board:Bels media:a.png Ding');
    expect(wordsOf(draft)).toContain(
      '[failed] Pinterest acme: the board must be there; found: no board “Bels”. Did you mean Bells? Possible: Bells, Summer recipes.',
    );
    expect(labelsOf(draft)).toEqual([
      ['Bells', 'Summer recipes'],
      ['Schedule to X @acme', 'Edit the words', 'Cancel'],
    ]);
    const id = idIn(draft);
    expect(await stage.stores.deliveries.ofPost(stage.workspaceId, id)).toEqual([]);
    const planned = await stage.press(buttonsOf(draft)[1] ?? '');
    expect(wordsOf(planned)).toContain('Board: Summer recipes');
    await stage.pass(24 * 60 * MINUTE);
    expect(pinterest.pins()).toMatchObject([{ board: RECIPES, description: 'Ding' }]);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('that was left out is asked for, with the boards as buttons where they are few and as words', async (t) => {
    const { stage, pinterest } = await start(t);
    const draft = await stage.type('/post to:pinterest media:a.png Ding');
    expect(wordsOf(draft)).toContain(
      'every post goes to a board; found: no board. Name one with board:NAME. Possible: Bells',
    );
    expect(labelsOf(draft)[0]).toEqual(['Bells', 'Summer recipes']);
    await stage.press(buttonsOf(draft)[0] ?? '');
    await stage.pass(SECOND);
    expect(pinterest.pins()).toMatchObject([{ board: BELLS }]);

    pinterest.options.boards = Array.from({ length: 30 }, (_, index) => ({
      id: String(549755885175100 + index),
      name: `Board ${String(index).padStart(2, '0')}`,
    }));
    await stage.pass(2 * 60 * MINUTE);
    const many = await stage.type('/post to:pinterest media:b.png Dong');
    expect(labelsOf(many)).toEqual([['Edit the words', 'Cancel']]);
    expect(wordsOf(many)).toMatch(/Possible: Board 00, Board 01, .* and 10 more\./);
  });

  it('is checked in one network’s own words too, and a scheduled post stays as it was', async (t) => {
    const { stage } = await start(t);
    const id = idIn(await stage.type('/schedule to:pinterest,x when:tomorrow board:Bells media:a.png Ding'));
    const refused = await stage.type(`/edit post:${id} to:pinterest board:Nowhere`);
    expect(wordsOf(refused)).toContain('Nothing was changed: the post would break a rule.');
    expect(wordsOf(refused)).toContain('Board: Bells');
  });

  it('is believed when the network does not tell its boards', async (t) => {
    const { stage, pinterest } = await start(t);
    pinterest.faults.next('GET', /boards$/, { do: 'answer', status: 503 }, 2);
    const planned = await stage.type('/schedule to:pinterest when:tomorrow board:Bells media:a.png Ding');
    expect(wordsOf(planned)).toContain('Goes out Wed');
  });

  it('that was made a moment ago is found', async (t) => {
    const { stage, pinterest, suggest } = await start(t);
    await suggest('');
    pinterest.options.boards = [...pinterest.options.boards, { id: '549755885175003', name: 'New one' }];
    await stage.pass(30 * SECOND);
    await stage.type('/post to:pinterest board:"new one" media:a.png Ding');
    await stage.pass(SECOND);
    expect(pinterest.pins()).toMatchObject([{ board: '549755885175003' }]);
  });

  it('that was renamed or deleted meanwhile fails with what to do, and another one is taken by /edit', async (t) => {
    const { stage, pinterest } = await start(t);
    const id = idIn(await stage.type('/schedule to:pinterest when:tomorrow board:Bells media:a.png Ding'));
    pinterest.options.boards = pinterest.options.boards.map((each) =>
      each.name === 'Bells' ? { ...each, name: 'Chimes' } : each,
    );
    await stage.pass(24 * 60 * MINUTE);
    const failed = wordsOf(await stage.type(`/show post:${id}`));
    expect(failed).toContain(
      '[failed] Pinterest acme: There is no board “Bells” on Pinterest. Possible: Chimes, Summer recipes. Name another board with /edit board:NAME',
    );
    expect(pinterest.pins()).toEqual([]);
    await stage.type(`/edit post:${id} board:Chimes`);
    await stage.press(`retry.post:${id}`);
    await stage.pass(SECOND);
    expect(pinterest.pins()).toMatchObject([{ board: BELLS, description: 'Ding' }]);
  });
});

describe('a pin', () => {
  it('has title, description, link and alt text', async (t) => {
    const { stage, pinterest } = await start(t, {}, BELLS);
    await stage.type(
      '/post to:pinterest title:"The bells" link:https://example.org/bells media:a.png alt:"A bell" Ding dong',
    );
    await stage.pass(SECOND);
    expect(pinterest.pins()).toMatchObject([
      {
        board: BELLS,
        kind: 'image',
        title: 'The bells',
        description: 'Ding dong',
        link: 'https://example.org/bells',
        alt: 'A bell',
      },
    ]);
  });

  it.each([2, 5])('of %i pictures is a carousel', async (count) => {
    const finished: (() => Promise<void>)[] = [];
    const { stage, pinterest } = await start(
      { onTestFinished: (done) => void finished.push(done) },
      {},
      BELLS,
    );
    const files = Array.from({ length: count }, (_, index) => `media:${index}.png`).join(' ');
    await stage.type(`/post to:pinterest ${files} alt:"The first of them" Carousel`);
    await stage.pass(SECOND);
    expect(pinterest.pins()).toMatchObject([{ kind: 'multiple_images', alt: 'The first of them' }]);
    expect(pinterest.pins()[0]?.media).toHaveLength(count);
    for (const done of finished) await done();
  });

  it('of six pictures, or of words alone, is a draft that says why', async (t) => {
    const { stage, pinterest } = await start(t, {}, BELLS);
    const files = Array.from({ length: 6 }, (_, index) => `media:${index}.png`).join(' ');
    expect(wordsOf(await stage.type(`/post to:pinterest ${files} Many`))).toMatch(/at most 5/);
    expect(wordsOf(await stage.type('/post to:pinterest Words'))).toContain('Attach a picture or a video');
    expect(pinterest.pins()).toEqual([]);
  });

  it('of a video waits until Pinterest has worked on it', async (t) => {
    const { stage, pinterest } = await start(t, {}, BELLS);
    const card = await stage.type('/post to:pinterest media:clip.mp4 Moving');
    await stage.pass(MINUTE);
    expect(pinterest.pins()).toMatchObject([{ kind: 'video', cover: 0, description: 'Moving' }]);
    expect(wordsOf(await stage.type(`/show post:${idIn(card)}`))).toContain('[ok] Pinterest acme: published');
  });

  it('of a video and a picture has the picture as its cover, found again when the answer is lost', async (t) => {
    const { stage, pinterest } = await start(t, {}, BELLS);
    const made = await stage.type(
      '/schedule when:"in 10 minutes" to:pinterest media:clip.mp4 media:still.png Moving',
    );
    expect(wordsOf(made)).toContain('Pinterest acme, cover: your picture');
    pinterest.faults.next('POST', /pins$/, { do: 'drop', when: 'after' });
    await stage.pass(20 * MINUTE);
    const { sha256 } = mediaItem('image', { name: 'still.png' });
    expect(pinterest.pins()).toMatchObject([{ kind: 'video', coverPicture: { sha256 } }]);
    expect(wordsOf(await stage.type(`/show post:${idIn(made)}`))).toContain(
      '[ok] Pinterest acme, cover: your picture: published',
    );
  });

  it('of an app on trial is seen by its owner only, which /accounts says', async (t) => {
    const { stage } = await start(t, { trial: true });
    expect(wordsOf(await stage.type('/accounts'))).toContain('trial access: only you see these pins');
  });
});
