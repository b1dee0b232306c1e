/** Which app a token belongs to: upload sessions are opened under the app, and the token knows it. */
import { failure } from '../../core/errors.ts';
import { ask, type MetaSession } from '../meta/ask.ts';
import { MetaFailure } from '../meta/failure.ts';
import { app } from './answers.ts';

/** Answers the id of the app. Throws MetaFailure, ConfigError when Facebook does not say it. */
export type AppIdFinder = (signal: AbortSignal) => Promise<string>;

/** Asks once: a token belongs to the same app as long as it lives. @param known from the configuration */
export function createAppIdFinder(session: MetaSession, known: string | undefined): AppIdFinder {
  let found = known;
  return async (signal) => {
    found ??= await findAppId(session, signal);
    return found;
  };
}

async function findAppId(session: MetaSession, signal: AbortSignal): Promise<string> {
  try {
    return (await ask(session, { method: 'GET', path: 'app', query: { fields: 'id' } }, app, signal)).id;
  } catch (error) {
    const { code, subcode } = (error instanceof MetaFailure ? error.facts.problem : undefined) ?? {};
    if (code !== 100 && subcode !== 33) throw error;
    throw failure('ConfigError', {
      code: 'CONFIG_INVALID',
      message:
        'Facebook does not say which app the token belongs to, and a feed video is uploaded under the app.',
      hint: 'Set FACEBOOK_APP_ID to the id of your app (developers.facebook.com, My Apps), restart, then /retry.',
      cause: error,
    });
  }
}
