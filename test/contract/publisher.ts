/** The one suite that every publisher passes. The network behind it is real enough to count what was created. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CarillonError, recordError } from '../../src/core/errors.ts';
import { MEASURES } from '../../src/core/insights.ts';
import type { Content, Publisher } from '../../src/core/publisher.ts';
import type { Account } from '../../src/core/words.ts';
import type { ManualClock } from '../helpers/manual-clock.ts';
import {
  content,
  insightsContext,
  mediaItem,
  newRun,
  publishAll,
  publishStep,
  type RunOptions,
  reconcileContext,
} from '../helpers/publishing.ts';

export interface PublisherHarness {
  readonly publisher: Publisher;
  readonly account: Account;
  readonly clock: ManualClock;
  /** Content that the network takes: as little as it allows. */
  readonly smallest: Content;
  /** Content with media. */
  readonly withMedia: Content;
  /** How many things the network has created and still shows. */
  created(): Promise<number>;
  /** The next creating call loses its connection, before or after the thing is created. */
  breakCreating(when: 'before' | 'after'): void;
  /** Values that must never be seen in an error or a log. */
  readonly secrets: readonly string[];
  stop(): Promise<void>;
}

/** Longest time that any publisher may ask to wait before it believes an absence. */
const PATIENCE_MS = 15 * 60 * 1000;

export function publisherContract(name: string, start: () => Promise<PublisherHarness>): void {
  describe(`publisher contract: ${name}`, () => {
    let harness: PublisherHarness;
    beforeEach(async () => {
      harness = await start();
    });
    afterEach(async () => {
      await harness.stop();
    });

    const options = (patch: Partial<RunOptions> = {}): RunOptions => ({
      account: harness.account,
      content: harness.smallest,
      clock: harness.clock,
      waitUntil: (instant) => harness.clock.advance(instant.getTime() - harness.clock.now().getTime()),
      ...patch,
    });

    /** Looks until the answer is final, moving the clock to each instant that the publisher names. */
    async function settle(run: ReturnType<typeof newRun>, patch: Partial<RunOptions> = {}) {
      const began = harness.clock.now().getTime();
      for (;;) {
        const answer = await harness.publisher.reconcile(reconcileContext(options(patch), run));
        if (answer.state === 'published' || answer.state === 'absent') return answer;
        expect(answer.lookAgainAt.getTime()).toBeGreaterThan(harness.clock.now().getTime());
        expect(answer.lookAgainAt.getTime() - began).toBeLessThan(PATIENCE_MS);
        harness.clock.advance(answer.lookAgainAt.getTime() - harness.clock.now().getTime());
      }
    }

    async function failure(work: Promise<unknown>): Promise<CarillonError> {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(CarillonError);
      return error as CarillonError;
    }

    it('states capabilities that agree with one another and with what it can do', () => {
      const { capabilities, remove } = harness.publisher;
      const { media, text } = capabilities;
      expect(capabilities.removable).toBe(remove !== undefined);
      expect(text.count('')).toBe(0);
      expect(text.count('a')).toBe(1);
      expect(text.alone).toBe(!media.required);
      expect(capabilities.concurrency).toBeGreaterThan(0);
      for (const kind of [media.image, media.gif, media.video]) {
        if (!kind) continue;
        expect(kind.max).toBeLessThanOrEqual(media.maxItems);
        expect(kind.rule.maxBytes).toBeGreaterThan(0);
      }
      if (media.image) expect(media.image.rule.minWidth).toBeLessThanOrEqual(media.image.rule.maxWidth);
      if (media.video) expect(media.video.rule.minMs).toBeLessThan(media.video.rule.maxMs);
    });

    it('finds nothing wrong with content that the network takes', () => {
      const errors = (each: Content) =>
        harness.publisher.validate(each).filter((issue) => issue.severity === 'error');
      expect(errors(harness.smallest)).toEqual([]);
      expect(errors(harness.withMedia)).toEqual([]);
    });

    it('finds every broken rule at once, errors first, and gives the same answer each time', () => {
      const { capabilities, validate } = harness.publisher;
      const images = Array.from({ length: capabilities.media.maxItems + 1 }, (_, index) =>
        mediaItem('image', { name: `${index}.jpg`, alt: 'a'.repeat((capabilities.altText?.limit ?? 0) + 1) }),
      );
      const bad = content({ text: 'a'.repeat(capabilities.text.limit + 1), title: 't'.repeat(5000) }, images);
      const frozen = JSON.stringify(bad);
      const issues = validate(bad);
      expect(issues.map((issue) => issue.code)).toEqual(
        expect.arrayContaining(['TEXT_TOO_LONG', 'MEDIA_TOO_MANY', 'ALT_TOO_LONG']),
      );
      const severities = issues.map((issue) => issue.severity);
      expect(severities).toEqual([...severities].sort());
      for (const issue of issues)
        for (const part of [issue.code, issue.rule, issue.found, issue.hint]) expect(part).not.toBe('');
      const text = issues.find((issue) => issue.code === 'TEXT_TOO_LONG');
      expect(text?.rule).toContain(String(capabilities.text.limit));
      expect(text?.found).toContain(String(capabilities.text.limit + 1));
      expect(validate(bad)).toEqual(issues);
      expect(JSON.stringify(bad)).toBe(frozen);
    });

    it.each(['smallest', 'withMedia'] as const)('publishes %s once, behind the fence', async (which) => {
      const run = newRun();
      const counts: number[] = [];
      const count = async (): Promise<void> => void counts.push(await harness.created());
      const outcome = await publishAll(
        harness.publisher,
        options({ content: harness[which], onCreating: count }),
        run,
      );
      expect(outcome).toMatchObject({ state: 'published', id: expect.stringMatching(/./) });
      expect(run.intents).toHaveLength(1);
      expect(run.intents[0]?.mediaCount).toBe(harness[which].media.length);
      expect(counts).toEqual([0]);
      expect(await harness.created()).toBe(1);
    });

    it('sends nothing when the fence is closed', async () => {
      const closed = options({
        onCreating: () => {
          throw new CarillonError(
            'Conflict',
            { code: 'LEASE_LOST', message: 'lost', hint: 'none' },
            { do: 'never' },
          );
        },
      });
      const error = await failure(publishAll(harness.publisher, closed));
      expect(error.code).toBe('LEASE_LOST');
      expect(await harness.created()).toBe(0);
    });

    it('goes on from any checkpoint without making anything twice', async () => {
      const run = newRun();
      const steps = options({ content: harness.withMedia });
      for (;;) {
        const outcome = await publishStep(harness.publisher, steps, run);
        // What JSON cannot keep would be lost between two steps.
        if (outcome.state === 'pending')
          expect(JSON.parse(JSON.stringify(outcome.checkpoint))).toEqual(outcome.checkpoint);
        if (outcome.state === 'published') break;
        if (outcome.state === 'pending') await steps.waitUntil?.(outcome.lookAgainAt);
      }
      expect(run.intents).toHaveLength(1);
      expect(await harness.created()).toBe(1);
    });

    it.each(['before', 'after'] as const)(
      'does not guess when the connection breaks %s the effect; reconcile tells',
      async (when) => {
        const run = newRun();
        harness.breakCreating(when);
        const error = await failure(publishAll(harness.publisher, options(), run));
        expect(error.kind).toBe('OutcomeUnknown');
        expect(error.next).toEqual({ do: 'reconcile' });
        expect(run.intents).toHaveLength(1);
        const created = when === 'after' ? 1 : 0;
        expect(await harness.created()).toBe(created);
        const answer = await settle(run);
        expect(answer.state).toBe(when === 'after' ? 'published' : 'absent');
        expect(await harness.created()).toBe(created);
        if (answer.state === 'absent') {
          expect(await publishAll(harness.publisher, options(), run)).toMatchObject({ state: 'published' });
          expect(await harness.created()).toBe(1);
        }
      },
    );

    it('does not call absent what another delivery published, nor ours what is not', async () => {
      const other = content(
        { ...harness.smallest, text: `Something else ${harness.smallest.text}` },
        harness.smallest.media,
      );
      await publishAll(harness.publisher, options({ content: other, deliveryId: 'POST2.account' }));
      const run = newRun();
      harness.breakCreating('before');
      await failure(publishAll(harness.publisher, options(), run));
      expect((await settle(run)).state).toBe('absent');
    });

    it('removes, and removing again is success', async () => {
      if (!harness.publisher.remove) return;
      const outcome = await publishAll(harness.publisher, options());
      const id = outcome.state === 'published' ? outcome.id : '';
      const removal = { account: harness.account, id, signal: new AbortController().signal };
      await harness.publisher.remove(removal);
      expect(await harness.created()).toBe(0);
      await harness.publisher.remove(removal);
    });

    it('tells whole numbers of what is there, and says when it is not there any more', async () => {
      const { insights, remove } = harness.publisher;
      if (!insights) return;
      for (const what of [harness.smallest, harness.withMedia]) {
        const outcome = await publishAll(harness.publisher, options({ content: what }));
        const id = outcome.state === 'published' ? outcome.id : '';
        const asked = insightsContext(options({ content: what }), id);
        const { numbers, at, notes } = await insights(asked);
        expect(at).toEqual(harness.clock.now());
        for (const [measure, value] of Object.entries(numbers)) {
          expect(Object.keys(MEASURES)).toContain(measure);
          expect(value).toSatisfy((each: number) => Number.isInteger(each) && each >= 0);
        }
        for (const note of notes) expect(note).toMatch(/^\p{Lu}.*[.”]$/u);
        if (!remove) continue;
        await remove({ account: harness.account, id, signal: asked.signal });
        expect((await failure(insights(asked))).code).toBe('NOT_THERE');
      }
    });

    it('knows whose credentials these are', async () => {
      const who = await harness.publisher.identify(new AbortController().signal);
      expect(who.remoteId).not.toBe('');
      expect(who.handle).not.toBe('');
    });

    it('stops when it is aborted, before anything is created', async () => {
      const signal = AbortSignal.abort(new Error('stop'));
      for (const what of [harness.smallest, harness.withMedia]) {
        const error = await failure(publishAll(harness.publisher, options({ content: what, signal })));
        expect(error.next).toEqual({ do: 'later' });
      }
      expect(await harness.created()).toBe(0);
    });

    it('shows no secret in an error or in the log', async () => {
      const run = newRun();
      harness.breakCreating('before');
      const error = await failure(publishAll(harness.publisher, options(), run));
      const shown = [
        inspect(error, { depth: 10 }),
        JSON.stringify(recordError(error)),
        JSON.stringify(error.context),
        JSON.stringify(run.log),
      ];
      for (const secret of harness.secrets) for (const text of shown) expect(text).not.toContain(secret);
    });
  });
}
