// The database goes away while people use the bot: they are told so, and not that there is a bug.
import { MongoNetworkError, MongoServerError } from 'mongodb';
import { expect, it } from 'vitest';
import { explainError } from '../../../src/app/explain-error.ts';
import { failure } from '../../../src/core/errors.ts';
import { isDatabaseAway } from '../../../src/stores/away.ts';
import { wordsOf } from '../../helpers/replies.ts';
import { useStages } from '../../helpers/stage.ts';

const createStage = useStages();

it('every command, button, form and suggestion says that the database does not answer', async () => {
  const stage = await createStage({ databaseMs: 150 });
  await createStage.stopDatabase();
  const said =
    'The database does not answer right now.\nWhat is planned is safe. Try again in a moment; if you changed something, see /queue first whether it arrived.';
  expect(wordsOf(await stage.type('/post to:x Hello'))).toBe(said);
  const [queue, start, press] = await Promise.all([
    stage.type('/queue'),
    stage.type('/start', { identity: 'chat:1', conversation: { frontend: 'chat', id: '1', kind: 'direct' } }),
    stage.press('cancel.now:K7QPD'),
  ]);
  for (const reply of [queue, start, press]) {
    expect(wordsOf(reply)).toBe(said);
    expect(reply).toMatchObject({ tone: 'error', personal: true });
  }
  const caller = {
    identity: 'terminal:local',
    name: 'you',
    conversation: { frontend: 'terminal', id: 'local', kind: 'direct' as const },
    signal: new AbortController().signal,
  };
  expect(await stage.engine.desk.asks({ ...caller, action: 'edit.words:K7QPD' })).toBeUndefined();
  expect(await stage.engine.desk.complete({ ...caller, command: 'show', option: 'post', typed: '' })).toEqual(
    [],
  );
  const levels = stage.log.map(({ level }) => level);
  expect(levels).toContain('warn');
});

it('knows the driver’s errors, under those that wrap them, from all others', () => {
  expect(isDatabaseAway(new MongoNetworkError('gone'))).toBe(true);
  expect(isDatabaseAway(new Error('stored', { cause: new MongoNetworkError('gone') }))).toBe(true);
  expect(isDatabaseAway(new MongoServerError({ message: 'not primary', code: 10107 }))).toBe(true);
  expect(isDatabaseAway(new MongoServerError({ message: 'duplicate', code: 11000 }))).toBe(false);
  expect(isDatabaseAway(Object.assign(new Error('of somebody else'), { code: 91 }))).toBe(false);
  const broken = (code: string, syscall: string) =>
    Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  expect(isDatabaseAway(broken('EPIPE', 'write'))).toBe(true);
  expect(isDatabaseAway(broken('ENOENT', 'open'))).toBe(false);
  expect(isDatabaseAway(new TypeError('x is not a function'))).toBe(false);
  expect(isDatabaseAway('gone')).toBe(false);
  expect(isDatabaseAway(undefined)).toBe(false);
  const bug = failure('Bug', { code: 'BUG', message: 'b', hint: 'h', cause: new MongoNetworkError('gone') });
  expect(explainError(bug)).toMatchObject({ code: 'DATABASE_UNREACHABLE', next: { do: 'later' } });
  expect(explainError(new Error('no'))).toBeUndefined();
});
