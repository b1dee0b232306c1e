import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/core/clock.ts';
import { failure, rateLimited } from '../../src/core/errors.ts';
import { failBefore, refuse } from '../helpers/played-network.ts';
import { idIn, wordsOf } from '../helpers/replies.ts';
import { type Stage, useStages } from '../helpers/stage.ts';
import { labelsOf, member, titleIn } from './read.ts';

const createStage = useStages();
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
const suggestions = async (command: string, option: string, typed: string) =>
  (
    await stage.engine.desk.complete({
      identity: 'terminal:local',
      name: 'you',
      conversation: { frontend: 'terminal', id: 'local', kind: 'direct' },
      signal: new AbortController().signal,
      command,
      option,
      typed,
    })
  ).map(({ value, label }) => `${value} | ${label}`);

describe('/accounts', () => {
  it('lists where posts can go, under the names that `to` takes', async () => {
    const reply = await stage.type('/accounts');
    expect(wordsOf(reply)).toContain('[ok] Tumblr @acme: tumblr:@acme Acme');
    expect(wordsOf(reply)).toContain('[ok] X @acme: x:@acme Acme');
    expect(wordsOf(reply)).toContain('to:all');
    expect(reply.personal).toBe(true);
    await stage.type('/settings default_to:x');
    expect(wordsOf(await stage.type('/accounts'))).toContain('[ok] X @acme · default: x:@acme Acme');
  });

  it('tells what is wrong with one and what to do, or until when it waits', async () => {
    stage.x.script.push(
      refuse(
        failure('AuthRevoked', {
          code: 'AUTH_REVOKED',
          message: 'X refuses the token.',
          hint: 'Make a new one.',
        }),
      ),
    );
    stage.tumblr.script.push(
      failBefore(
        rateLimited(new Date(stage.clock.now().getTime() + 15 * MINUTE), {
          code: 'RATE_LIMITED',
          message: 'Tumblr asks to wait.',
          hint: 'Nothing.',
        }),
      ),
    );
    await stage.type('/post Hello');
    await stage.pass(0);
    const words = wordsOf(await stage.type('/accounts'));
    expect(words).toContain('[failed] X @acme: x:@acme X refuses the token. Make a new one.');
    expect(words).toContain(
      '[waiting] Tumblr @acme: tumblr:@acme Tumblr asks to wait. Goes on Tue, 24 Nov 2026, 10:15 Europe/Rome (in 15 minutes).',
    );
    await stage.pass(HOUR);
    expect(wordsOf(await stage.type('/accounts'))).toContain('[ok] Tumblr @acme');
  });

  it('a post that waits for a limit says until when, and can be cancelled with a button', async () => {
    stage.x.script.push(
      failBefore(
        rateLimited(new Date(stage.clock.now().getTime() + 15 * MINUTE), {
          code: 'RATE_LIMITED',
          message: 'X asks to wait.',
          hint: 'Nothing.',
        }),
      ),
    );
    const id = idIn(await stage.type('/post to:x Hello'));
    await stage.pass(0);
    const card = await stage.type(`/show ${id}`);
    expect(wordsOf(card)).toContain(
      '[waiting] X @acme: X asks to wait. Goes on Tue, 24 Nov 2026, 10:15 Europe/Rome (in 15 minutes).',
    );
    expect(wordsOf(card)).not.toContain('Goes out now');
    expect(labelsOf(card)).toEqual([['Edit the words', 'Another time', 'Cancel']]);
    await stage.press(`cancel.now:${id}`);
    await stage.pass(HOUR);
    expect(stage.x.wall).toEqual([]);
  });

  it('a network or account is suggested as it is typed, after a comma too', async () => {
    expect(await suggestions('post', 'to', '')).toEqual([
      'all | all: Tumblr @acme, X @acme',
      'tumblr | Tumblr',
      'x | X',
      'tumblr:@acme | Tumblr @acme',
      'x:@acme | X @acme',
    ]);
    expect(await suggestions('post', 'to', 'x,tum')).toEqual([
      'x,tumblr | x,Tumblr',
      'x,tumblr:@acme | x,Tumblr @acme',
    ]);
  });
});

describe('/settings', () => {
  it('shows zone, targets and language, with the time there', async () => {
    expect(wordsOf(await stage.type('/settings'))).toBe(
      [
        'Settings',
        '[ok] Time zone: Europe/Rome; now: Tue, 24 Nov 2026, 10:00 Europe/Rome',
        '[ok] Default targets: all accounts',
        '[ok] Language of dates: en-GB: English, day first',
        'Change: /settings time_zone:Europe/Rome default_to:x,tumblr dates:de',
      ].join('\n'),
    );
  });

  it('sets the zone in which times are read and shown from then on', async () => {
    const reply = await stage.type('/settings time_zone:america/new_york');
    expect(titleIn(reply)).toBe('Settings changed');
    expect(wordsOf(reply)).toContain('America/New_York; now: Tue, 24 Nov 2026, 04:00 America/New_York');
    const id = idIn(await stage.type('/schedule to:x when:"tomorrow 9:00" Hello'));
    expect((await stage.stores.posts.find(stage.workspaceId, id))?.dueAt).toEqual(
      new Date('2026-11-25T14:00:00Z'),
    );
    expect(wordsOf(reply)).not.toContain('planned');
    const back = wordsOf(await stage.type('/settings time_zone:Europe/Rome'));
    expect(back).toContain('The post that is planned keeps its instant: /queue shows it by the new clock');
    expect(wordsOf(await stage.type('/queue'))).toContain('Wed, 25 Nov 2026, 15:00 Europe/Rome');
  });

  it.each([
    [
      'time_zone:Europe/Roma',
      'There is no time zone “Europe/Roma”. Did you mean Europe/Rome',
      'region and city',
    ],
    ['time_zone:+02:00', 'There is no time zone “+02:00”', 'region and city'],
    ['time_zone:""', 'There is no time zone “”', 'region and city'],
    ['dates:klingon', '`dates` cannot be “klingon”', 'Possible: en-GB, en-US, de, fr, es, it, pt, nl.'],
    ['default_to:xx', 'There is no account “xx”. Did you mean x?', 'Possible here: all'],
    [
      'timezone:Europe/Rome',
      'There is no option “timezone”. Did you mean “time_zone”?',
      'Possible here: time_zone:',
    ],
  ])('%s is refused with what is near', async (given, found, step) => {
    const reply = await stage.type(`/settings ${given}`);
    expect(titleIn(reply)).toContain(found);
    expect(wordsOf(reply)).toContain(step);
    expect(titleIn(await stage.type('/settings'))).toBe('Settings');
  });

  it('reads and shows dates in another language, and English beside it', async () => {
    await stage.type('/settings dates:de');
    const german = await stage.type('/schedule to:x when:"morgen um 9 Uhr" Guten Morgen');
    expect(wordsOf(german)).toContain('Mi., 25. Nov. 2026, 09:00 Europe/Rome (in 23 Stunden)');
    expect(titleIn(await stage.type('/schedule to:x when:"in 20 min" Gleich'))).toContain('scheduled');
  });

  it('`all` means all accounts, those that come later too', async () => {
    await stage.type('/settings default_to:x');
    expect(wordsOf(await stage.type('/settings'))).toContain('Default targets: X @acme');
    const reply = await stage.type('/settings default_to:all');
    expect(wordsOf(reply)).toContain('Default targets: all accounts');
    expect((await stage.stores.workspaces.find(stage.workspaceId))?.defaultTargets).toEqual([]);
  });

  it('default accounts that are gone are not replaced by others that nobody asked for', async () => {
    await stage.type('/settings default_to:x');
    await stage.stores.accounts.retireOthers(stage.workspaceId, ['tumblr1']);
    const reply = await stage.type('/post Hello');
    expect(titleIn(reply)).toBe(
      'The accounts that `to` means when it is left out are not connected any more.',
    );
    expect(wordsOf(reply)).toContain('/settings default_to:all');
    expect(wordsOf(await stage.type('/settings'))).toContain('Default targets: not connected any more');
    await stage.pass(HOUR);
    expect(stage.tumblr.wall).toEqual([]);
    expect(wordsOf(await stage.type('/post to:tumblr Hello'))).toContain('[waiting] Tumblr @acme');
  });

  it('without any account says so', async () => {
    await stage.stores.accounts.retireOthers(stage.workspaceId, []);
    expect(wordsOf(await stage.type('/post Hello'))).toBe(
      'There is no account to publish to.\nSee /accounts for how to add one.',
    );
    expect(wordsOf(await stage.type('/accounts'))).toContain('There is no account yet');
  });

  it('is read by everybody and changed by owners only', async () => {
    const viewer = await member(stage, 1, 'Vera', 'viewer');
    const editor = await member(stage, 2, 'Ed', 'editor');
    expect(titleIn(await stage.type('/settings', viewer))).toBe('Settings');
    for (const [who, role] of [
      [viewer, 'viewer'],
      [editor, 'editor'],
    ] as const) {
      const reply = await stage.type('/settings time_zone:UTC', who);
      expect(wordsOf(reply)).toBe(`Changing settings needs the role owner; yours is ${role}.\nAsk an owner.`);
    }
    expect(wordsOf(await stage.type('/settings'))).toContain('Europe/Rome');
  });

  it('suggests zones by city, and moments with their meaning', async () => {
    expect((await suggestions('settings', 'time_zone', 'new york'))[0]).toBe(
      'America/New_York | America/New York',
    );
    expect((await suggestions('settings', 'time_zone', '')).length).toBe(25);
    expect((await suggestions('schedule', 'when', 'tomorrow 9'))[0]).toContain(
      'tomorrow 9 → Wed, 25 Nov 2026, 09:00 Europe/Rome (in 23 hours)',
    );
    expect(await suggestions('settings', 'dates', 'deu')).toEqual(['de | de: Deutsch']);
    expect(await suggestions('settings', 'constructor', 'x')).toEqual([]);
    expect(await suggestions('toString', 'x', 'x')).toEqual([]);
  });
});
