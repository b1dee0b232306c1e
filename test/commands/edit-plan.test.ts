import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import { refuse } from '../helpers/played-network.ts';
import { idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { dieBefore, holding, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const stored = async (id: string) => (await stage.stores.posts.find(stage.workspaceId, id))!;
const planned = async (line = '/schedule when:"in 1 hour" Words') => idIn(await stage.type(line));
const statesOf = async (id: string) =>
  (await stage.stores.deliveries.ofPost(stage.workspaceId, id)).map(({ state }) => state);
const outcomes = () => stage.told.filter(({ kind }) => kind === 'send').map(({ reply }) => titleIn(reply));
const LONG = 'word '.repeat(70).trim();
const away = failure('ContentRejected', { code: 'CONTENT_REJECTED', message: 'No.', hint: 'Change it.' });

describe('/edit with another time', () => {
  it('alone moves the post, and says what /move says', async () => {
    const [first, second] = [await planned(), await planned('/schedule when:"in 1 hour" Others')];
    const edited = wordsOf(await stage.type(`/edit post:#${first} when:friday`));
    const moved = wordsOf(await stage.type(`/move post:#${second} when:friday`));
    expect(edited).toContain('Moved.');
    expect(edited).toContain('No time was given; 9:00 was taken.');
    expect(edited.replaceAll(first, second).replaceAll('Words', 'Others')).toBe(moved);
    await stage.pass(2 * HOUR);
    expect(stage.x.wall).toEqual([]);
    await stage.pass(72 * HOUR);
    expect(stage.x.wall).toHaveLength(2);
  });

  it('together with other words changes both at once', async () => {
    const id = await planned('/schedule to:x when:"in 3 hours" Words');
    const reply = wordsOf(await stage.type(`/edit post:#${id} when:"in 1 hour" Other words`));
    expect(reply).toContain('Changed.');
    expect(reply).toContain('Goes out Tue, 24 Nov 2026, 11:00 Europe/Rome (in 60 minutes)');
    expect(await stored(id)).toMatchObject({ revision: 2 });
    await stage.pass(HOUR);
    await stage.pass(3 * HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Other words']);
  });

  it('changes neither when the words break a rule', async () => {
    const id = await planned('/schedule to:x when:"in 1 hour" Words');
    const reply = wordsOf(await stage.type(`/edit post:#${id} when:"in 2 hours" ${LONG}`));
    expect(reply).toContain('Nothing was changed');
    expect(await stored(id)).toMatchObject({ revision: 1, dueAt: new Date('2026-11-24T10:00:00Z') });
    await stage.pass(HOUR);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('gives a draft both, and lets it go then', async () => {
    const id = await planned(`/schedule to:x when:"in 1 hour" ${LONG}`);
    const reply = await stage.type(`/edit post:#${id} when:"in 2 hours" Short`);
    expect(titleIn(reply)).toBe(`#${id} · scheduled`);
    await stage.pass(HOUR);
    expect(stage.x.wall).toEqual([]);
    await stage.pass(HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Short']);
  });

  it('what failed waits for no time: /retry is named', async () => {
    stage.x.script.push(refuse(away));
    const id = idIn(await stage.type('/post to:x Words'));
    await stage.pass(MINUTE);
    const reply = await stage.type(`/edit post:#${id} when:"in 1 hour" Better`);
    expect(titleIn(reply)).toBe(`Nothing of #${id} waits for its time any more.`);
    expect(wordsOf(reply)).toContain(`/retry post:#${id}`);
    expect((await stored(id)).words.text).toBe('Words');
  });
});

describe('/edit that adds and drops accounts', () => {
  it('adds a forgotten account, which goes out at the same moment', async () => {
    const id = await planned('/schedule to:x when:"in 1 hour" Words');
    const reply = wordsOf(await stage.type(`/edit post:#${id} to:+tumblr`));
    expect(reply).toContain('Changed.');
    expect(reply).toContain('[waiting] Tumblr @acme');
    await stage.pass(HOUR);
    expect([stage.x.wall, stage.tumblr.wall].map((wall) => wall.map(({ text }) => text))).toEqual([
      ['Words'],
      ['Words'],
    ]);
    expect(outcomes()).toEqual([`#${id} · published`]);
  });

  it('drops one of several, and tells nothing about it any more', async () => {
    const id = await planned();
    await stage.type(`/edit post:#${id} to:x text:"For X"`);
    const reply = wordsOf(await stage.type(`/edit post:#${id} to:-x`));
    expect(reply).not.toContain('X @acme');
    expect((await stored(id)).variants).toEqual({});
    await stage.pass(2 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([0, 1]);
    expect(outcomes()).toEqual([`#${id} · published`]);
    expect(wordsOf(await stage.type(`/show ${id}`))).not.toContain('X @acme');
  });

  it('takes back an account that was dropped, and sends it once', async () => {
    const id = await planned();
    await stage.type(`/edit post:#${id} to:-x`);
    expect(wordsOf(await stage.type(`/edit post:#${id} to:+x when:"in 2 hours"`))).toContain(
      '[waiting] X @acme',
    );
    await stage.pass(HOUR);
    expect(stage.x.wall).toEqual([]);
    await stage.pass(2 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 1]);
  });

  it.each(['to:+x', 'to:+x when:"in 2 hours"'])(
    'sends it as well when the program dies right after the post was changed with %s',
    async (change) => {
      const id = await planned();
      await stage.type(`/edit post:#${id} to:-x`);
      const posts = stage.stores.posts;
      const rest = vi.spyOn(posts, 'change').mockImplementationOnce(async (...asked) => {
        rest.mockRestore();
        await posts.change(...asked);
        throw new Error('the program died here');
      });
      await stage.type(`/edit post:#${id} ${change}`);
      await stage.pass(2 * HOUR);
      expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 1]);
    },
  );

  it('sends nothing to it when the program dies right before', async () => {
    const id = await planned();
    await stage.type(`/edit post:#${id} to:-x`);
    vi.spyOn(stage.stores.posts, 'change').mockRejectedValueOnce(new Error('the program died here'));
    await stage.type(`/edit post:#${id} to:+x`);
    await stage.pass(2 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([0, 1]);
    expect(outcomes()).toEqual([`#${id} · published`]);
  });

  it.each(['+tumblr,-x', '+tumblr -x', '–x, +tumblr', '"-x:@acme +tumblr:acme"'])(
    'changes one account for another with to:%s',
    async (to) => {
      const id = await planned('/schedule to:x when:"in 1 hour" Words');
      await stage.type(`/edit post:#${id} to:${to} Others`);
      await stage.pass(2 * HOUR);
      expect([stage.x.wall.length, stage.tumblr.wall.map(({ text }) => text)]).toEqual([0, ['Others']]);
    },
  );

  it('suggests names behind a sign, and keeps it', async () => {
    const asked = { command: 'edit', option: 'to', typed: 'x,-tum', given: {} };
    const choices = await stage.engine.desk.complete({
      ...asked,
      identity: 'terminal:local',
      name: 'you',
      conversation: { frontend: 'terminal', id: 'local', kind: 'direct' },
      signal: new AbortController().signal,
    });
    expect(choices.map(({ value }) => value)).toEqual(['x,-tumblr', 'x,-tumblr:@acme']);
  });

  it('adds nothing where a rule of the new account would be broken, and lists it', async () => {
    const id = await planned(`/schedule to:tumblr when:"in 1 hour" ${LONG}`);
    const reply = wordsOf(await stage.type(`/edit post:#${id} to:+x`));
    expect(reply).toContain('Nothing was changed');
    expect(reply).toContain('found: 349');
    expect((await stored(id)).targets).toHaveLength(1);
    await stage.pass(2 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([0, 1]);
  });

  it('says when the new account has the same words already', async () => {
    const other = await planned('/schedule to:x when:"in 2 hours" Words');
    const id = await planned('/schedule to:tumblr when:"in 1 hour" Words');
    const reply = wordsOf(await stage.type(`/edit post:#${id} to:+x`));
    expect(reply).toContain(`The same words are queued already: #${other}`);
  });

  it('the answer stands, warnings and all, until the post stands otherwise', async () => {
    const id = await planned('/schedule to:x when:"in 1 hour" Words');
    const edits = () => stage.told.filter(({ kind }) => kind === 'edit').map(({ reply }) => titleIn(reply));
    await stage.type(`/edit post:#${id} to:+tumblr when:friday`);
    await stage.pass(MINUTE);
    expect(edits()).toEqual([]);
    await stage.type(`/move post:#${id} when:now`);
    await stage.pass(MINUTE);
    expect(edits().at(-1)).toBe(`#${id} · published`);
  });

  it('a draft goes out without the account that stood in its way', async () => {
    const id = await planned(`/schedule when:"in 1 hour" ${LONG}`);
    expect(titleIn(await stage.type(`/edit post:#${id} to:-x`))).toBe(`#${id} · scheduled`);
    await stage.pass(2 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([0, 1]);
  });

  it('adds nothing once the moment has come', async () => {
    stage.x.script.push(refuse(away));
    const id = idIn(await stage.type('/post to:x Words'));
    await stage.pass(MINUTE);
    const reply = await stage.type(`/edit post:#${id} to:+tumblr`);
    expect(titleIn(reply)).toBe(`The time of #${id} has come: no account can be added to it any more.`);
    expect(wordsOf(reply)).toContain('/post to:');
    expect(await statesOf(id)).toEqual(['failed']);
  });

  it('never drops what is under way, is out, or has failed', async () => {
    const held = holding();
    stage.x.script.push(held.behaviour);
    const id = await planned();
    await stage.stores.accounts.hold('tumblr1', new Date(stage.clock.now().getTime() + 2 * HOUR), 'Slow.');
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + HOUR));
    await held.begun;
    await expect.poll(async () => (await statesOf(id)).includes('scheduled')).toBe(true);
    const drop = () => stage.type(`/edit post:#${id} to:-x`);
    await expect.poll(async () => titleIn(await drop())).toBe(`#${id} is already being published.`);
    held.letGo();
    await stage.pass(0);
    const out = await drop();
    expect(titleIn(out)).toBe(`#${id} is out on x:@acme already.`);
    expect(wordsOf(out)).toContain(`/remove post:#${id} to:x:@acme`);
    await stage.pass(3 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 1]);
  });

  it('cut off before the delivery knows that it was dropped: it does not go out', async () => {
    const id = await planned();
    const { deliveries } = stage.stores;
    const { write } = deliveries;
    Object.assign(deliveries, { write: () => Promise.reject(new Error('killed')) });
    await stage.type(`/edit post:#${id} to:-tumblr`);
    Object.assign(deliveries, { write });
    expect(await statesOf(id)).toEqual(['scheduled', 'scheduled']);
    await stage.pass(2 * HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 0]);
  });

  it('cut off before the delivery of a new account is there: the sweep makes it', async () => {
    const id = await planned('/schedule to:x when:"in 1 hour" Words');
    dieBefore(stage, 'insert');
    await stage.type(`/edit post:#${id} to:+tumblr`);
    expect(await statesOf(id)).toEqual(['scheduled']);
    await stage.pass(HOUR - MINUTE);
    await stage.engine.onSweep();
    await stage.pass(HOUR);
    expect([stage.x.wall.length, stage.tumblr.wall.length]).toEqual([1, 1]);
  });
});
