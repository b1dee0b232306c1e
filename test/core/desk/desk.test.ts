// What every command has in common: what is unknown, forged or broken is an answer, never an end.
import { beforeEach, describe, expect, it } from 'vitest';
import { COMMAND_NAME } from '../../../src/core/command.ts';
import { idIn, wordsOf } from '../../helpers/replies.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});

describe('the desk', () => {
  it.each([
    ['/pots Hello', 'There is no command /pots. Did you mean /post?\nSee /help for all commands.'],
    ['/sched Hello', 'There is no command /sched. Did you mean /schedule?\nSee /help for all commands.'],
    ['/xyzzy', 'There is no command /xyzzy.\nSee /help for all commands.'],
    [`/${'z'.repeat(10_000)}`, `There is no command /${'z'.repeat(32)}.\nSee /help for all commands.`],
    ['/constructor', 'There is no command /constructor.\nSee /help for all commands.'],
  ])('%s is no command', async (line, words) => {
    expect(wordsOf(await stage.type(line))).toBe(words);
  });

  it('a command is known in capital letters too', async () => {
    expect(wordsOf(await stage.type('/QUEUE'))).toContain('Nothing is planned');
  });

  it.each([
    'nothing',
    'post.nothing:K7QPD',
    'edit.constructor:K7QPD',
    'edit.__proto__:K7QPD',
    '__proto__.constructor',
    'show.run',
    '',
    ':::',
    'x'.repeat(10_000),
  ])('a button that nobody made (%s) does nothing', async (action) => {
    expect(wordsOf(await stage.press(action))).toBe(
      'That button is from an older version and does nothing any more.\nUse /show or /queue for fresh ones.',
    );
  });

  it('a fault of our own is told with a reference that the log has, and without its insides', async () => {
    Object.assign(stage.stores.posts, { list: () => Promise.reject(new TypeError('secret insides')) });
    const reply = await stage.type('/queue');
    expect(wordsOf(reply)).toMatch(
      /^Something went wrong inside Carillon\.\nNothing was lost\..*\nReference: [A-Z0-9]{8}$/,
    );
    expect(wordsOf(reply)).not.toContain('secret');
    const reference = wordsOf(reply).slice(-8);
    expect(
      stage.log.filter((line) => line.level === 'error' && JSON.stringify(line).includes(reference)),
    ).toHaveLength(1);
  });

  it('a refusal is logged, but not as an error', async () => {
    await stage.type('/show ZZZZZ');
    expect(stage.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('a card that is placed for a post that is gone is nobody’s fault', async () => {
    await stage.engine.desk.cardPlaced('ZZZZZ', {
      conversation: { frontend: 'terminal', id: 'local', kind: 'direct' },
      messageId: '1',
    });
  });

  it('suggests posts by the beginning of their id, with how they stand', async () => {
    const id = idIn(await stage.type('/schedule to:x when:tomorrow Good morning'));
    const suggest = (typed: string) =>
      stage.engine.desk.complete({
        identity: 'terminal:local',
        name: 'you',
        conversation: { frontend: 'terminal', id: 'local', kind: 'direct' },
        signal: new AbortController().signal,
        command: 'show',
        option: 'post',
        typed,
      });
    const expected = [{ value: `#${id}`, label: `#${id} scheduled, in 23 hours: Good morning` }];
    for (const typed of ['', '#', id.slice(0, 2).toLowerCase(), `#${id}`])
      expect(await suggest(typed)).toEqual(expected);
    expect(await suggest('ZZ')).toEqual([]);
    for (const { value, label } of await suggest(''))
      expect([value.length <= 100, label.length <= 100]).toEqual([true, true]);
  });

  it('lists its commands, with names that every chat takes', () => {
    for (const { name } of stage.engine.desk.commands) expect(name).toMatch(COMMAND_NAME);
  });
});
