import { describe, expect, it } from 'vitest';
import { content, newRun, publishAll, publishStep } from '../../helpers/publishing.ts';
import { type GraphError, graphError } from '../../simulators/meta/refusal.ts';
import { failureOf, picture, startInstagram, video } from './harness.ts';

const said = 'What Instagram says about it.';
const html = '<html><head><title>502 Bad Gateway</title></head></html>';
const unknown = ['OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'] as const;
const later = ['PlatformUnavailable', 'PLATFORM_UNAVAILABLE', 'later'] as const;
const media = ['MediaRejected', 'MEDIA_REJECTED', 'change content'] as const;
const words = ['ContentRejected', 'CONTENT_REJECTED', 'change content'] as const;
const blocked = ['PermissionMissing', 'PERMISSION_MISSING', 'reconnect'] as const;
const quota = ['QuotaSpent', 'QUOTA_SPENT', 'at'] as const;
const limit = ['RateLimited', 'RATE_LIMITED', 'at'] as const;
const address = ['ConfigError', 'CONFIG_INVALID', 'change config'] as const;

/** Each row of the official table, and of the one shared with Facebook, in answer to the creating call. */
const CREATING: readonly [GraphError, readonly [kind: string, code: string, next: string], hint?: RegExp][] =
  [
    [{ code: -2, error_subcode: 2207003 }, unknown],
    [{ code: -1, error_subcode: 2207001 }, unknown],
    [{ code: 24, error_subcode: 2207008 }, unknown],
    [{ code: 9007, error_subcode: 2207027 }, later],
    [{ code: 9004, error_subcode: 2207052 }, address, /PUBLIC_URL/],
    [{ code: -2, error_subcode: 2207020 }, later],
    [{ code: -1, error_subcode: 2207032 }, later],
    [{ code: -1, error_subcode: 2207053 }, later],
    [{ code: 24, error_subcode: 2207006 }, later],
    [{ code: 9, error_subcode: 2207042 }, quota],
    [{ code: 4, error_subcode: 2207051 }, blocked, /spam/],
    [{ code: 25, error_subcode: 2207050 }, blocked, /restricted/],
    [{ code: 1, error_subcode: 2207057 }, words],
    [{ code: 100, error_subcode: 2207023 }, words],
    [{ code: 100, error_subcode: 2207028 }, words],
    [{ code: 100, error_subcode: 2207035 }, words],
    [{ code: 100, error_subcode: 2207036 }, words],
    [{ code: 100, error_subcode: 2207037 }, words],
    [{ code: 100, error_subcode: 2207040 }, words],
    [{ code: 352, error_subcode: 2207026 }, media, /H\.264/],
    [{ code: 36000, error_subcode: 2207004 }, media, /too large/],
    [{ code: 36001, error_subcode: 2207005 }, media, /JPEG/],
    [{ code: 36003, error_subcode: 2207009 }, media, /4:5/],
    [{ code: 36004, error_subcode: 2207010 }, words, /caption/],
    // The codes alone mean something else than with their subcodes.
    [{ code: 1 }, unknown],
    [{ code: -1 }, unknown],
    [{ code: -2 }, unknown],
    [{ code: 24 }, later],
    [{ code: 9 }, quota],
    [{ code: 4 }, limit],
    [{ code: 17 }, limit],
    [{ code: 80002 }, limit],
    [{ code: 190 }, ['AuthRevoked', 'AUTH_REVOKED', 'reconnect'], /INSTAGRAM_ACCESS_TOKEN/],
    [{ code: 190, error_subcode: 463 }, ['AuthExpired', 'AUTH_REVOKED', 'refresh'], /age/],
    [{ code: 10 }, blocked, /instagram_content_publish/],
    [{ code: 200 }, blocked],
    [{ code: 299 }, blocked],
    [{ code: 100, error_subcode: 33 }, address, /INSTAGRAM_USER_ID/],
    // Seen by others, in no table: read by their code.
    [{ code: 100, error_subcode: 2207081 }, words],
  ];

describe('what Instagram answers to the creating call', () => {
  it.each(CREATING)('%j', async (row, expected, hint) => {
    const { simulator, publisher, options } = await startInstagram();
    const body = graphError({ message: 'For developers.', error_user_msg: said, ...row });
    simulator.faults.next('POST', /media_publish$/, {
      do: 'answer',
      status: row.code === 190 ? 401 : 400,
      body,
    });
    const error = await failureOf(publishAll(publisher, options(content({}, [picture('a.jpg')]))));
    expect([error.kind, error.code, error.next.do]).toEqual(expected);
    expect(error.message).toContain(said);
    if (hint) expect(error.hint).toMatch(hint);
    expect(error.context).toMatchObject({ network: 'instagram', step: 'create', code: row.code });
    expect(simulator.media()).toEqual([]);
  });

  it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
    'a success that is %s: the post is there, so its fate is unknown',
    async (how) => {
      const { simulator, publisher, options } = await startInstagram();
      simulator.faults.next('POST', /media_publish$/, { do: 'spoil', how });
      const error = await failureOf(publishAll(publisher, options(content({}, [picture('a.jpg')]))));
      expect([error.kind, error.next.do]).toEqual(['OutcomeUnknown', 'reconcile']);
      expect(simulator.media()).toHaveLength(1);
    },
  );
});

describe('what Instagram answers to other calls leaves no doubt', () => {
  const one = content({}, [picture('a.jpg')]);

  it.each([
    ['a 500', { do: 'answer', status: 500, body: html }, 'PlatformUnavailable'],
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
