/** `$listLocalSessions`: there are no users here, so every session is everybody's. */
import { notSupported } from '../errors.ts';
import { namedArguments } from '../expression/scope.ts';
import type { StageCompiler } from './stage.ts';

export const listLocalSessions: StageCompiler = (operand, context, name) => {
  const { users } = namedArguments(name, operand, [], ['allUsers', 'users']);
  if (users !== undefined) throw notSupported(`The field users of ${name}`, 9);
  return () => context.localSessions();
};
