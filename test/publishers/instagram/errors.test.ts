import { describe, expect, it } from 'vitest';
import { content, newRun, publishAll, publishStep } from '../../helpers/publishing.ts';
import { graphError } from '../../simulators/meta/refusal.ts';
import { type GraphRefusal, refusalsOf, SAID } from '../graph-refusals.ts';
import {
  ADDRESS,
  EXPIRED,
  FORBIDDEN,
  LATER,
  LIMITED,
  MEDIA,
  REVOKED,
  SPENT,
  UNKNOWN,
  WORDS,
} from '../meanings.ts';
import { failureOf } from '../network.ts';
import { describeRefusals, PAGE } from '../refusals.ts';
import { INSTAGRAM, picture, startInstagram, video } from './harness.ts';

/** Each row of the official table, and of the one shared with Facebook, in answer to the creating call. */
const CODES: readonly GraphRefusal[] = [
  [{ code: -2, error_subcode: 2207003 }, UNKNOWN],
  [{ code: -1, error_subcode: 2207001 }, UNKNOWN],
  [{ code: 24, error_subcode: 2207008 }, UNKNOWN],
  [{ code: 9007, error_subcode: 2207027 }, LATER],
  [{ code: 9004, error_subcode: 2207052 }, ADDRESS, /PUBLIC_URL/],
  [{ code: -2, error_subcode: 2207020 }, LATER],
  [{ code: -1, error_subcode: 2207032 }, LATER],
  [{ code: -1, error_subcode: 2207053 }, LATER],
  [{ code: 24, error_subcode: 2207006 }, LATER],
  [{ code: 9, error_subcode: 2207042 }, SPENT],
  [{ code: 4, error_subcode: 2207051 }, FORBIDDEN, /spam/],
  [{ code: 25, error_subcode: 2207050 }, FORBIDDEN, /restricted/],
  [{ code: 1, error_subcode: 2207057 }, WORDS],
  [{ code: 100, error_subcode: 2207023 }, WORDS],
  [{ code: 100, error_subcode: 2207028 }, WORDS],
  [{ code: 100, error_subcode: 2207035 }, WORDS],
  [{ code: 100, error_subcode: 2207036 }, WORDS],
  [{ code: 100, error_subcode: 2207037 }, WORDS],
  [{ code: 100, error_subcode: 2207040 }, WORDS],
  [{ code: 352, error_subcode: 2207026 }, MEDIA, /H\.264/],
  [{ code: 36000, error_subcode: 2207004 }, MEDIA, /too large/],
  [{ code: 36001, error_subcode: 2207005 }, MEDIA, /JPEG/],
  [{ code: 36003, error_subcode: 2207009 }, MEDIA, /4:5/],
  [{ code: 36004, error_subcode: 2207010 }, WORDS, /caption/],
  // The codes alone mean something else than with their subcodes.
  [{ code: 1 }, UNKNOWN],
  [{ code: -1 }, UNKNOWN],
  [{ code: -2 }, UNKNOWN],
  [{ code: 24 }, LATER],
  [{ code: 9 }, SPENT],
  [{ code: 4 }, LIMITED],
  [{ code: 17 }, LIMITED],
  [{ code: 80002 }, LIMITED],
  [{ code: 190 }, REVOKED, /INSTAGRAM_ACCESS_TOKEN/],
  [{ code: 190, error_subcode: 463 }, EXPIRED, /age/],
  [{ code: 10 }, FORBIDDEN, /instagram_content_publish/],
  [{ code: 200 }, FORBIDDEN],
  [{ code: 299 }, FORBIDDEN],
  [{ code: 100, error_subcode: 33 }, ADDRESS, /INSTAGRAM_USER_ID/],
  // Seen by others, in no table: read by their code.
  [{ code: 100, error_subcode: 2207081 }, WORDS],
];

describeRefusals(INSTAGRAM, refusalsOf('instagram', CODES), () => SAID);

describe('what Instagram answers to other calls leaves no doubt', () => {
  const one = content({}, [picture('a.jpg')]);

  it.each([
    ['a 500', { do: 'answer', status: 500, body: PAGE }, 'PlatformUnavailable'],
    ['a broken connection', { do: 'drop', when: 'after' }, 'PlatformUnavailable'],
    ['a success without an id', { do: 'spoil', how: 'wrong type' }, 'PlatformUnavailable'],
    ['an answer that never ends', { do: 'spoil', how: 'gigantic' }, 'PlatformUnavailable'],
    [
      'a picture that is too large',
      { do: 'answer', status: 400, body: graphError({ code: 36000, error_subcode: 2207004 }) },
      'MediaRejected',
    ],
    [
      'a caption that is too long',
      { do: 'answer', status: 400, body: graphError({ code: 36004, error_subcode: 2207010 }) },
      'ContentRejected',
    ],
    ['a rate limit', { do: 'answer', status: 400, body: graphError({ code: 4 }) }, 'RateLimited'],
  ] as const)('%s to a container', async (_name, fault, kind) => {
    const { simulator, publisher, options } = await startInstagram();
    simulator.faults.next('POST', /\/media$/, fault);
    const run = newRun();
    expect((await failureOf(publishAll(publisher, options(one), run))).kind).toBe(kind);
    expect(run.intents).toEqual([]);
    await publishAll(publisher, options(one), run);
    expect(simulator.media()).toHaveLength(1);
  });

  it('an allowance that cannot be read stops before anything is sent', async () => {
    const { simulator, publisher, options } = await startInstagram();
    simulator.faults.next('GET', /content_publishing_limit$/, { do: 'spoil', how: 'empty' });
    const run = newRun();
    const reel = content({ text: 'Hello' }, [video()]);
    expect((await failureOf(publishAll(publisher, options(reel), run))).kind).toBe('PlatformUnavailable');
    expect(simulator.containers()).toEqual([]);
  });

  it('the allowance of calls holds back before the limit', async () => {
    const { simulator, publisher, options } = await startInstagram();
    const run = newRun();
    await publishStep(publisher, options(one), run);
    simulator.setUsage({
      'x-business-use-case-usage':
        '{"1":[{"type":"instagram","call_count":97,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}',
    });
    await publishStep(publisher, options(one), run);
    const error = await failureOf(publishStep(publisher, options(one), run));
    expect(error.kind).toBe('RateLimited');
    expect(error.message).toContain('held back');
    expect(run.intents).toEqual([]);
  });
});
