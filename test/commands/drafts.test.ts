// A post that breaks a rule, or says what was said already, is kept as a draft until a person decides.
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import { failBefore, refuse } from '../helpers/played-network.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { labelsOf, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const stored = async (id: string) => (await stage.stores.posts.find(stage.workspaceId, id))!;
const deliveries = (id: string) => stage.stores.deliveries.ofPost(stage.workspaceId, id);
/** 349 of 280 for X; Tumblr takes it. */
const LONG = 'word '.repeat(70).trim();

describe('a post that breaks a rule', () => {
  it('says how it is mended where no button does it', async () => {
    const id = idIn(await stage.type('/post to:x poll:"Only one" Which?'));
    const shown = wordsOf(await stage.type(`/show ${id}`));
    expect(shown).toContain(`Mend it: /edit post:#${id} poll:"… | …"`);
    expect(wordsOf(await stage.type(`/post to:x ${LONG}`))).not.toContain('Mend it');
  });

  it('is not scheduled anywhere; every issue is listed with its rule and number', async () => {
    stage.tumblr.issues = [
      {
        code: 'TAGS',
        field: 'text',
        rule: 'at most 30 tags',
        found: '31',
        hint: 'Remove one.',
        severity: 'error',
      },
    ];
    const reply = await stage.type(`/schedule when:"in 1 hour" $AAA $BBB ${LONG}`);
    const id = idIn(reply);
    expect(titleIn(reply)).toBe(`#${id} · draft`);
    const words = wordsOf(reply);
    expect(words).toContain('Nothing goes out yet: the post breaks a rule. It is kept as a draft.');
    expect(words).toContain('[failed] Tumblr @acme: at most 30 tags; found: 31. Remove one.');
    expect(words).toMatch(
      /\[failed\] X @acme: at most 280 weighted characters \(.*\); found: 359\. Shorten it by 79/,
    );
    expect(words).toContain('[failed] X @acme: at most 1 cashtag; found: 2: $AAA $BBB.');
    expect(labelsOf(reply)).toEqual([['Edit the words', 'Cancel']]);
    expect(reply).toMatchObject({ tone: 'warning', card: id });
    expect(await deliveries(id)).toEqual([]);
    await stage.pass(DAY);
    expect([...stage.x.wall, ...stage.tumblr.wall]).toEqual([]);
    expect(wordsOf(await stage.type('/queue state:drafts'))).toContain(`#${id}`);
    expect(wordsOf(await stage.type('/queue'))).not.toContain(id);
  });

  it('can go out to the others, which are named', async () => {
    const reply = await stage.type(`/schedule when:"in 1 hour" ${LONG}`);
    const id = idIn(reply);
    expect(labelsOf(reply)).toEqual([
      ['Schedule to Tumblr @acme', 'Schedule as a thread', 'Edit the words', 'Cancel'],
    ]);
    const decided = await stage.press(`schedule.others:${id}`);
    expect(titleIn(decided)).toBe(`#${id} · scheduled`);
    expect(wordsOf(decided)).toContain('[waiting] Tumblr @acme');
    expect(wordsOf(decided)).not.toContain('X @acme');
    await stage.pass(HOUR);
    expect(stage.tumblr.wall).toHaveLength(1);
    expect(stage.x.wall).toEqual([]);
  });

  it('goes out to all when the words are mended, at the time that was meant from the beginning', async () => {
    const reply = await stage.type(`/schedule when:"in 1 hour" ${LONG}`);
    const id = idIn(reply);
    const still = await stage.press(`edit.words:${id}`, `${LONG}!`);
    expect(wordsOf(still)).toContain('The change is kept in the draft, but a rule is still broken');
    expect(wordsOf(still)).toContain('found: 350');
    expect(await deliveries(id)).toEqual([]);
    const mended = await stage.press(`edit.words:${id}`, 'Short');
    expect(titleIn(mended)).toBe(`#${id} · scheduled`);
    expect(wordsOf(mended)).toContain('Goes out Tue, 24 Nov 2026, 11:00 Europe/Rome (in 60 minutes)');
    await stage.pass(HOUR);
    expect(stage.x.wall.map(({ text, at }) => [text, at.toISOString()])).toEqual([
      ['Short', '2026-11-24T10:00:00.000Z'],
    ]);
    expect(stage.tumblr.wall).toHaveLength(1);
  });

  it('a draft of /post goes out as soon as it is mended', async () => {
    const id = idIn(await stage.type(`/post to:x ${LONG}`));
    await stage.pass(HOUR);
    const mended = await stage.type(`/edit post:#${id} Short`);
    expect(titleIn(mended)).toBe(`#${id} · on its way`);
    await stage.pass(0);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Short']);
  });

  it('may have own words for the network whose rule is broken', async () => {
    const id = idIn(await stage.type(`/schedule when:"in 1 hour" ${LONG}`));
    const reply = await stage.type(`/edit post:#${id} to:x Shorter`);
    expect(wordsOf(reply)).toContain('For X @acme: Shorter');
    await stage.pass(HOUR);
    expect(stage.x.wall[0]?.text).toBe('Shorter');
    expect(stage.tumblr.wall[0]?.text).toBe(LONG);
  });

  it('can be cancelled, after which none of its buttons does anything', async () => {
    const id = idIn(await stage.type(`/schedule when:"in 1 hour" ${LONG}`));
    const reply = await stage.press(`cancel.now:${id}`);
    expect(titleIn(reply)).toBe(`#${id} · cancelled`);
    expect(buttonsOf(reply)).toEqual([]);
    for (const action of ['schedule.others', 'schedule.confirm'])
      expect(titleIn(await stage.press(`${action}:${id}`))).toBe(`#${id} is no draft any more.`);
    expect(titleIn(await stage.press(`edit.words:${id}`, 'Hi'))).toContain('is cancelled');
    expect(titleIn(await stage.press(`cancel.now:${id}`))).toContain('is cancelled');
    await stage.pass(DAY);
    expect(stage.tumblr.wall).toEqual([]);
  });

  it('pressed twice, and by two people at once, goes out once', async () => {
    const id = idIn(await stage.type(`/schedule when:"in 1 hour" ${LONG}`));
    const replies = await Promise.all([
      stage.press(`schedule.others:${id}`),
      stage.press(`schedule.others:${id}`),
      stage.press(`schedule.others:${id}`),
    ]);
    expect(replies.filter(({ tone }) => tone === 'info')).toHaveLength(1);
    for (const { tone, title } of replies)
      if (tone === 'error')
        expect(String(title?.map((part) => (typeof part === 'string' ? part : part.text)))).toMatch(
          /no draft any more|meanwhile/,
        );
    await stage.pass(HOUR);
    expect(stage.tumblr.wall).toHaveLength(1);
  });

  it('whose time passed meanwhile asks for another one, and goes out then', async () => {
    const id = idIn(await stage.type(`/schedule when:"in 1 hour" to:tumblr,x ${LONG}`));
    await stage.pass(2 * HOUR);
    const card = await stage.type(`/show ${id}`);
    expect(wordsOf(card)).toContain('Was to go out Tue, 24 Nov 2026, 11:00 Europe/Rome (60 minutes ago)');
    expect(labelsOf(card)[0]?.[0]).toBe('Another time');
    const late = await stage.press(`schedule.others:${id}`);
    expect(titleIn(late)).toContain('has passed while it waited for your answer');
    expect(wordsOf(late)).toContain(`/move post:#${id} when:"in 10 min"`);
    const moved = await stage.press(`move.to:${id}`, 'in 10 min');
    expect(wordsOf(moved)).toContain('The draft has a new time; it is still a draft.');
    expect(labelsOf(moved)[0]?.[0]).toBe('Schedule to Tumblr @acme');
    await stage.press(`schedule.others:${id}`);
    await stage.pass(10 * MINUTE);
    expect(stage.tumblr.wall).toHaveLength(1);
  });

  it('that expired meanwhile does not go out', async () => {
    const id = idIn(await stage.type(`/post expires:"in 1 hour" to:tumblr,x ${LONG}`));
    await stage.pass(2 * HOUR);
    const late = await stage.press(`schedule.others:${id}`);
    expect(titleIn(late)).toBe(`#${id} expired while it waited for your answer.`);
    expect((await stored(id)).standing).toBe('draft');
  });

  it('survives a restart with its buttons', async () => {
    const id = idIn(await stage.type(`/schedule when:"in 1 hour" ${LONG}`));
    await stage.restart();
    await stage.press(`schedule.others:${id}`);
    await stage.pass(HOUR);
    expect(stage.tumblr.wall).toHaveLength(1);
  });

  it('what many accounts have in common is said once', async () => {
    const [first] = (await stage.stores.accounts.list(stage.workspaceId)).filter(
      ({ network }) => network === 'x',
    );
    for (let number = 2; number <= 30; number += 1)
      await stage.stores.accounts.upsert({
        ...first!,
        id: `x${number}`,
        remoteId: `${number}`,
        handle: `@shop${number}`,
      });
    const words = wordsOf(await stage.type(`/schedule to:x when:"in 1 hour" ${LONG}`));
    expect(words.match(/\[failed\].*/g)).toEqual([
      expect.stringMatching(/^\[failed\] X @acme, .* and 25 more: at most 280 weighted characters/),
    ]);
    expect(words).toMatch(/As a thread for X @acme, .* and 25 more:/);
  });

  it('a warning alone stands in the way of nothing', async () => {
    const reply = await stage.type('/schedule to:x when:"in 1 hour" title:"Left out" Hello');
    expect(titleIn(reply)).toContain('scheduled');
    expect(wordsOf(reply)).toContain('[question] X @acme: there are no titles here; found: a title.');
  });
});

describe('the same words within 24 hours', () => {
  it('are warned of before, with the other post and its time', async () => {
    const first = idIn(await stage.type('/schedule to:x when:"in 2 hours" Good  morning'));
    const reply = await stage.type('/schedule to:all when:"in 3 hours" good morning');
    const id = idIn(reply);
    expect(wordsOf(reply)).toContain(
      'Nothing goes out yet: another post within a day says the same words. Is that meant?',
    );
    expect(wordsOf(reply)).toContain(
      `The same words are queued already: #${first}, Tue, 24 Nov 2026, 12:00 Europe/Rome (in 2 hours).`,
    );
    expect(labelsOf(reply)).toEqual([['Schedule it', 'Edit the words', 'Cancel']]);
    await stage.pass(DAY);
    expect(stage.x.wall).toHaveLength(1);
    expect(await deliveries(id)).toEqual([]);
  });

  it('go out when that is meant', async () => {
    await stage.type('/post to:x Hello');
    await stage.pass(0);
    const reply = await stage.type('/post to:x Hello');
    expect(wordsOf(reply)).toContain('The same words went out already: #');
    expect(labelsOf(reply)).toEqual([['Post it', 'Edit the words', 'Cancel']]);
    await stage.press(`schedule.confirm:${idIn(reply)}`);
    await stage.pass(0);
    expect(stage.x.wall).toHaveLength(2);
  });

  it('are told as they stand: in a post that waits for an answer they are not queued', async () => {
    const first = idIn(await stage.type('/schedule to:x when:"in 1 hour" Hello'));
    await stage.engine.stop(AbortSignal.abort());
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + 5 * HOUR));
    await stage.restart();
    await stage.pass(MINUTE);
    expect(wordsOf(await stage.type('/schedule to:x when:"in 1 hour" Hello'))).toContain(
      `The same words are in a post that needs you: #${first}`,
    );
  });

  it('are nothing to warn of on another account, a day later, or of a cancelled or unconfirmed post', async () => {
    const first = idIn(await stage.type('/schedule to:x when:"in 2 hours" Hello'));
    const elsewhere = await stage.type('/schedule to:tumblr when:"in 2 hours" Hello');
    expect(titleIn(elsewhere)).toContain('scheduled');
    const dayLater = await stage.type('/schedule to:x when:"in 26 hours and 1 minute" Hello');
    expect(titleIn(dayLater)).toContain('scheduled');
    await stage.press(`cancel.now:${first}`);
    await stage.press(`cancel.now:${idIn(dayLater)}`);
    expect(titleIn(await stage.type('/schedule to:x when:"in 2 hours" Hello'))).toContain('scheduled');
  });

  it('are nothing to warn of on an account that they never reached: refused, or expired', async () => {
    const refused = failure('ContentRejected', {
      code: 'CONTENT_REJECTED',
      message: 'No.',
      hint: 'Change it.',
    });
    stage.x.script.push(refuse(refused));
    const failed = idIn(await stage.type('/post to:all Hello'));
    await stage.pass(0);
    expect((await deliveries(failed)).map(({ state }) => state).sort()).toEqual(['failed', 'published']);
    expect(titleIn(await stage.type('/schedule to:x when:"in 1 hour" Hello'))).toContain('scheduled');
    expect(titleIn(await stage.type('/schedule to:tumblr when:"in 1 hour" Hello'))).toContain('draft');
    const away = { code: 'PLATFORM_UNAVAILABLE', message: 'Away.', hint: 'It is tried again.' } as const;
    stage.x.script.push(failBefore(failure('PlatformUnavailable', away)));
    await stage.type('/post to:x expires:"in 3 min" Sale ends');
    await stage.pass(10 * MINUTE);
    expect(titleIn(await stage.type('/schedule to:x when:"in 1 hour" Sale ends'))).toContain('scheduled');
  });

  it('are found in own words for a network, and behind a day boundary exactly', async () => {
    const first = idIn(await stage.type('/schedule to:all when:"in 2 hours" Common'));
    await stage.type(`/edit post:#${first} to:x Special`);
    expect(wordsOf(await stage.type('/schedule to:x when:"in 26 hours" special'))).toContain(
      'The same words are queued already',
    );
  });

  it('are warned of when an edit makes them the same: a draft waits, a planned post says so', async () => {
    const other = idIn(await stage.type('/schedule to:x when:"in 2 hours" Hello'));
    const draft = idIn(await stage.type(`/schedule to:x when:"in 3 hours" ${LONG}`));
    const edited = await stage.press(`edit.words:${draft}`, 'Hello');
    expect(wordsOf(edited)).toContain('Another post within a day says the same words. Is that meant?');
    expect(labelsOf(edited)).toEqual([['Schedule it', 'Edit the words', 'Cancel']]);
    expect(await deliveries(draft)).toEqual([]);
    const planned = idIn(await stage.type('/schedule to:x when:"in 4 hours" Different'));
    const same = await stage.type(`/edit post:#${planned} hello`);
    expect(wordsOf(same)).toContain(`The same words are queued already: #${other}`);
    expect(titleIn(same)).toBe(`#${planned} · scheduled`);
  });

  it('pictures alone are never the same words', async () => {
    await stage.type('/schedule to:x when:"in 2 hours" media:a.png');
    expect(titleIn(await stage.type('/schedule to:x when:"in 2 hours" media:a.png'))).toContain('scheduled');
  });
});
