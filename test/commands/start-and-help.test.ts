import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../src/core/clock.ts';
import { wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { caller, direct, GROUP, member, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const CODE = 'ABCD-EFGH';

describe('/start with the claim code', () => {
  it('makes the first one owner and the conversation part of the team, once', async () => {
    const reply = await stage.type(`/start ${CODE.toLowerCase()}`, caller(1, 'Olga'));
    expect(titleIn(reply)).toBe('You are the owner now, and this conversation belongs to the team');
    expect(wordsOf(reply)).toContain('Times are read in Europe/Rome; there it is Tue, 24 Nov 2026, 10:00');
    expect(wordsOf(reply)).toContain('/schedule when:"in 2 min" Hello world');
    expect(wordsOf(reply)).toContain('Let others in: /team');
    expect(titleIn(await stage.type('/queue', caller(1, 'Olga')))).toBe('Nothing is planned');
    const second = await stage.type(`/start ${CODE}`, caller(2, 'Eve'));
    expect(wordsOf(second)).toBe('This bot has an owner already.\nAsk an owner to add you with /team.');
    expect(await stage.stores.people.list(stage.workspaceId)).toHaveLength(1);
  });

  it('of two people with the code at once one becomes owner', async () => {
    const replies = await Promise.all(
      [1, 2, 3].map((id) => stage.type(`/start code:${CODE}`, caller(id, `P${id}`, direct(id)))),
    );
    expect(replies.filter(({ tone }) => tone === 'success')).toHaveLength(1);
    expect(await stage.stores.people.list(stage.workspaceId)).toHaveLength(1);
  });

  it('a wrong code is told, five of them make one wait an hour, and others may go on', async () => {
    const eve = caller(66, 'Eve', direct(66));
    for (let tries = 1; tries <= 5; tries += 1)
      expect(wordsOf(await stage.type('/start AAAA-AAAA', eve))).toBe(
        'That is not the claim code.\nIt stands in the program’s output: “Claim code: XXXX-XXXX”.',
      );
    const blocked = await stage.type(`/start ${CODE}`, eve);
    expect(wordsOf(blocked)).toBe(
      'Too many wrong codes.\nWait 1 h, and copy the code from the program’s output.',
    );
    await stage.pass(HOUR / 2);
    expect(wordsOf(await stage.type(`/start ${CODE}`, eve))).toContain('Wait 30 min');
    expect((await stage.type('/start BBBB-BBBB', caller(7, 'Bob', direct(7)))).tone).toBe('error');
    await stage.pass(HOUR / 2);
    expect((await stage.type(`/start ${CODE}`, eve)).tone).toBe('success');
  });
});

describe('/start without a code', () => {
  it('tells a stranger in a direct chat how to join', async () => {
    const reply = await stage.type('/start', caller(66, 'Eve', direct(66)));
    expect(wordsOf(reply)).toContain('You are in no team here yet. Ask an owner: /team add:66 role:editor');
    expect(wordsOf(reply)).toContain(
      'A new bot of your own: /start XXXX-XXXX with the claim code from its output.',
    );
    expect(wordsOf(reply)).not.toContain('belongs to no team');
    expect(reply.personal).toBe(true);
  });

  it('names the chat in the id where there are several: the bare one would be somebody else in another', async () => {
    const both = await createStage({ chats: ['discord', 'telegram'] });
    const eve = caller(66, 'Eve', direct(66));
    expect(wordsOf(await both.type('/start', eve))).toContain(`/team add:${eve.identity} role:editor`);
  });

  it('tells in an unconnected group that an owner connects it; an owner does by writing the same', async () => {
    await stage.type(`/start ${CODE}`, caller(1, 'Olga', direct(1)));
    await stage.type('/team add:2 role:editor', caller(1, 'Olga', direct(1)));
    const editor = await stage.type('/start', caller(2, 'Ed'));
    expect(wordsOf(editor)).toContain(
      'This conversation belongs to no team yet: an owner connects it by writing /start here.',
    );
    expect(titleIn(await stage.type('/queue', caller(2, 'Ed')))).toBe(
      'This conversation is not connected to a team yet.',
    );
    expect(await stage.engine.desk.knows(GROUP)).toBe(false);
    const owner = await stage.type('/start', caller(1, 'Olga'));
    expect(titleIn(owner)).toBe('This conversation belongs to your team now');
    expect(await stage.engine.desk.knows(GROUP)).toBe(true);
    expect(titleIn(await stage.type('/queue', caller(2, 'Ed')))).toBe('Nothing is planned');
  });

  it('greets a member, and does not hand a conversation of one team to another person', async () => {
    const editor = await member(stage, 2, 'Ed', 'editor');
    expect(titleIn(await stage.type('/start', editor))).toBe('Welcome, Ed');
    const stranger = await stage.type('/start', caller(66, 'Eve'));
    expect(titleIn(stranger)).toBe('Carillon publishes posts for a team');
    expect(wordsOf(stranger)).not.toContain('belongs to no team');
  });

  it('follows a group that got a new id', async () => {
    const editor = await member(stage, 2, 'Ed', 'editor');
    await stage.engine.desk.conversationRenamed('chat', '-100', '-1000');
    expect(titleIn(await stage.type('/queue', editor))).toBe(
      'This conversation is not connected to a team yet.',
    );
    const renamed = { frontend: 'chat', id: '-1000', kind: 'group' } as const;
    expect(titleIn(await stage.type('/queue', caller(2, 'Ed', renamed)))).toBe('Nothing is planned');
  });
});

describe('/help', () => {
  it('answers strangers, with how to join', async () => {
    const reply = await stage.type('/help', caller(66, 'Eve', direct(66)));
    expect(titleIn(reply)).toBe('Carillon publishes your posts on time');
    for (const { name, summary } of stage.engine.desk.commands)
      expect(wordsOf(reply)).toContain(`/${name} ${summary}`);
    expect(wordsOf(reply)).toContain('You are not in a team here yet: /start tells how to join.');
    expect(wordsOf(await stage.type('/help'))).not.toContain('You are not in a team');
  });

  it.each(['schedule', '/schedule', 'command:schedule', 'SCHEDULE'])(
    'explains one command: %s',
    async (typed) => {
      const words = wordsOf(await stage.type(`/help ${typed}`));
      expect(words).toContain('/schedule · Publish at a moment');
      expect(words).toContain('when: When, such as "tomorrow 9:00", "fri 18:30" or "in 20 min" (needed)');
      expect(words).toContain('/schedule to:x,tumblr when:"fri 18:30" priority:high The sale begins');
    },
  );

  it('names the nearest command', async () => {
    expect(wordsOf(await stage.type('/help shedule'))).toBe(
      'There is no command /shedule. Did you mean /schedule?\nSee /help for all commands.',
    );
  });
});
