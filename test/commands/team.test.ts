import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../src/core/clock.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { caller, direct, GROUP, member, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage({ chats: ['chat', 'other'] });
});
const people = async () =>
  (await stage.stores.people.list(stage.workspaceId)).map(
    ({ identity, role, name }) => `${identity} ${role} ${name}`,
  );

describe('/team', () => {
  it('lists everybody with role and id, in the form in which ids are typed', async () => {
    const owner = await member(stage, 1234, 'Olga', 'owner');
    await member(stage, 77, 'Vera', 'viewer');
    await stage.type('/team add:other:5 role:editor', owner);
    expect(wordsOf(await stage.type('/team', owner))).toContain(
      '[ok] Olga: owner · 1234 (you)\n[ok] Vera: viewer · 77\n[ok] person 5: editor · other:5',
    );
    expect(wordsOf(await stage.type('/team'))).toContain('[ok] you: owner (you, on this machine)');
    expect((await stage.type('/team', owner)).personal).toBe(true);
  });

  it.each([
    ['add:12345', 'chat:12345', 'person 12345'],
    ['add:<@12345>', 'chat:12345', 'person 12345'],
    ['add:<@!12345>', 'chat:12345', 'person 12345'],
    ['add:"<@42|Ada Lovelace>"', 'chat:42', 'Ada Lovelace'],
    ['add:"Ada 2 (12345)"', 'chat:12345', 'Ada 2'],
    ['add:other:9', 'other:9', 'person 9'],
    ['add:OTHER:9', 'other:9', 'person 9'],
  ])('%s adds somebody', async (typed, identity, name) => {
    const owner = await member(stage, 1, 'Olga', 'owner');
    const reply = await stage.type(`/team ${typed} role:viewer`, owner);
    expect(titleIn(reply)).toBe('Added as viewer');
    expect(await people()).toContain(`${identity} viewer ${name}`);
  });

  it.each([
    ['add:Ada', '“Ada” is no mention and no id.', 'the id that /start shows'],
    ['add:"2 people"', '“2 people” is no mention and no id.', 'the id that /start shows'],
    ['add:-100200300', 'is no mention and no id.', 'the id that /start shows'],
    ['add:nowhere:5', 'There is no chat “nowhere” here.', 'chat:5 or other:5'],
    ['add:5 role:king', '`role` cannot be “king”', 'Possible: owner, editor, viewer.'],
    ['remove:99', 'Nobody with the id chat:99 is in this team.', 'an id that /team lists'],
    ['kick:99', 'There is no option “kick”.', 'Possible here: add: role: remove:'],
  ])('%s is refused with the next step', async (typed, found, step) => {
    const owner = await member(stage, 1, 'Olga', 'owner');
    const reply = await stage.type(`/team ${typed}`, owner);
    expect(titleIn(reply)).toContain(found);
    expect(wordsOf(reply)).toContain(step);
    expect(await people()).toEqual(['chat:1 owner Olga']);
  });

  it('from this machine an id needs its chat', async () => {
    const reply = await stage.type('/team add:12345');
    expect(wordsOf(reply)).toBe(
      'The id 12345 does not say in which chat.\nWrite the chat in front: chat:12345 or other:12345.',
    );
    await stage.type('/team add:chat:12345');
    expect(await people()).toEqual(['chat:12345 editor person 12345']);
    await stage.type('/team remove:chat:12345');
    expect(await people()).toEqual([]);
  });

  it('changes a role by adding again with one, and without one changes nothing', async () => {
    const owner = await member(stage, 1, 'Olga', 'owner');
    await member(stage, 2, 'Ed', 'editor');
    expect(titleIn(await stage.type('/team add:2 role:viewer', owner))).toBe('Role changed to viewer');
    expect(titleIn(await stage.type('/team add:2', owner))).toBe('Ed is in the team already, as viewer');
    expect(titleIn(await stage.type('/team add:1', owner))).toBe('Olga is in the team already, as owner');
    expect(await people()).toEqual(['chat:1 owner Olga', 'chat:2 viewer Ed']);
  });

  it('never loses its last owner', async () => {
    const owner = await member(stage, 1, 'Olga', 'owner');
    for (const line of ['/team remove:1', '/team add:1 role:viewer']) {
      const reply = await stage.type(line, owner);
      expect(wordsOf(reply), line).toBe(
        'The last owner cannot be removed or made less.\nMake somebody else owner first.',
      );
    }
    await stage.type('/team add:2 role:owner', owner);
    expect(titleIn(await stage.type('/team remove:1', owner))).toBe('Removed from the team');
    expect(titleIn(await stage.type('/team', owner))).toBe(
      'You are not in the team that uses this bot here.',
    );
    expect(await people()).toEqual(['chat:2 owner person 2']);
  });
});

describe('who may what', () => {
  it('a viewer looks, and does nothing else: not by command, button, form or suggestion', async () => {
    await member(stage, 1, 'Olga', 'owner');
    const viewer = await member(stage, 3, 'Vera', 'viewer');
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" Words'));
    expect(titleIn(await stage.type('/queue', viewer))).toContain('1 post');
    const card = await stage.type(`/show ${id}`, viewer);
    expect(wordsOf(card)).toContain('Words');
    const lines = [
      '/post Hi',
      '/schedule when:tomorrow Hi',
      `/edit post:#${id} Hi`,
      `/move ${id} when:tomorrow`,
      `/cancel ${id}`,
      `/retry ${id}`,
    ];
    for (const line of lines) {
      const reply = await stage.type(line, viewer);
      expect(wordsOf(reply), line).toBe(
        'This needs the role editor; yours is viewer.\nAsk an owner to change your role with /team.',
      );
      expect(reply.personal).toBe(true);
    }
    for (const action of [
      ...buttonsOf(card),
      `cancel.now:${id}`,
      `retry.post:${id}`,
      `schedule.confirm:${id}`,
    ])
      expect(titleIn(await stage.press(action, 'tomorrow', viewer)), action).toContain(
        'needs the role editor',
      );
    const request = { ...viewer, signal: new AbortController().signal } as never as Parameters<
      typeof stage.engine.desk.asks
    >[0];
    expect(await stage.engine.desk.asks({ ...request, action: `edit.words:${id}` })).toBeUndefined();
    const ask = (command: string, option: string) =>
      stage.engine.desk.complete({ ...request, command, option, typed: '' });
    expect(await ask('show', 'post')).toHaveLength(1);
    expect(await ask('edit', 'post')).toEqual([]);
    expect(await ask('schedule', 'when')).toEqual([]);
    expect(titleIn(await stage.type('/team add:9 role:owner', viewer))).toContain('needs the role owner');
    expect(titleIn(await stage.type('/team remove:1', viewer))).toContain('needs the role owner');
    await stage.pass(HOUR);
    expect(stage.x.wall.map(({ text }) => text)).toEqual(['Words']);
  });

  it('the role counts at the moment of use: a button of yesterday does nothing for who is gone', async () => {
    const owner = await member(stage, 1, 'Olga', 'owner');
    const editor = await member(stage, 2, 'Ed', 'editor');
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" Words', editor));
    await stage.type('/team remove:2', owner);
    const reply = await stage.press(`cancel.now:${id}`, undefined, editor);
    expect(wordsOf(reply)).toBe(
      'You are not in the team that uses this bot here.\nAsk an owner to add you: /team add:2',
    );
    await stage.pass(HOUR);
    expect(stage.x.wall).toHaveLength(1);
  });

  it('an editor writes and cancels, but does not let others in', async () => {
    await member(stage, 1, 'Olga', 'owner');
    const editor = await member(stage, 2, 'Ed', 'editor');
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" Words', editor));
    expect((await stage.stores.posts.find(stage.workspaceId, id))?.origin).toMatchObject({
      person: 'chat:2',
      personName: 'Ed',
      conversation: GROUP,
    });
    expect(wordsOf(await stage.type('/team add:9', editor))).toBe(
      'Changing the team needs the role owner; yours is editor.\nAsk an owner.',
    );
    expect(titleIn(await stage.press(`cancel.now:${id}`, undefined, editor))).toContain('cancelled');
  });

  it('a member acts in a direct chat, in a thread of the channel, and in no conversation of strangers', async () => {
    const editor = await member(stage, 2, 'Ed', 'editor');
    expect(titleIn(await stage.type('/queue', caller(2, 'Ed', direct(2))))).toBe('Nothing is planned');
    const thread = { frontend: 'chat', id: '-100.7', parent: '-100', kind: 'group' } as const;
    expect(titleIn(await stage.type('/queue', caller(2, 'Ed', thread)))).toBe('Nothing is planned');
    const elsewhere = { frontend: 'chat', id: '-200', kind: 'group' } as const;
    expect(titleIn(await stage.type('/queue', caller(2, 'Ed', elsewhere)))).toBe(
      'This conversation is not connected to a team yet.',
    );
    // The same number in another chat is somebody else.
    const namesake = {
      identity: 'other:2',
      name: 'Ed',
      conversation: { frontend: 'other', id: '2', kind: 'direct' },
    } as const;
    expect(titleIn(await stage.type('/queue', namesake))).toBe('You are in no team of this bot.');
    expect(titleIn(await stage.type('/queue', editor))).toBe('Nothing is planned');
  });
});
