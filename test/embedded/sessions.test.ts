// Which sessions count as in use: by their last command, for half an hour, and not without bound.
import { UUID } from 'bson';
import { expect, it } from 'vitest';
import { SessionRegistry } from '../../src/embedded/sessions.ts';

const MINUTE = 60_000;

it('forgets a session half an hour after its last command', () => {
  const sessions = new SessionRegistry();
  const [first, second] = [{ id: new UUID() }, { id: new UUID() }];
  sessions.use(first, 0);
  sessions.use(second, MINUTE);
  sessions.use(first, 20 * MINUTE);
  const inUse = (now: number) => sessions.list(now).map(({ _id }) => (_id as { id: UUID }).id);
  expect(inUse(20 * MINUTE)).toEqual([second.id, first.id]);
  expect(inUse(31 * MINUTE)).toEqual([first.id]);
  expect(inUse(50 * MINUTE)).toEqual([]);
});

it('notes nothing of what is no session, and refuses one too many', () => {
  const sessions = new SessionRegistry();
  for (const none of [undefined, null, 'x', {}, { id: 5 }]) sessions.use(none, 0);
  expect(sessions.list(0)).toEqual([]);
  for (let count = 0; count < 100_000; count++) sessions.use({ id: new UUID() }, 0);
  const last = { id: new UUID() };
  expect(() => sessions.use(last, 0)).toThrowError(expect.objectContaining({ code: 261 }));
  sessions.use(last, 30 * MINUTE);
  expect(sessions.list(30 * MINUTE)).toHaveLength(1);
});
