/** `fit:`: what is done to pictures of a shape that a network does not take, told before and turned round with a button. */
import { describe, expect, it } from 'vitest';
import { instagram } from '../../src/publishers/instagram/rules.ts';
import { playedNetwork } from '../helpers/played-network.ts';
import { mediaItem } from '../helpers/publishing.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { useStages } from '../helpers/stage.ts';

const createStage = useStages();
const stage = () =>
  createStage({
    live: async (clock) => [playedNetwork(instagram, clock)],
    files: { 'wide.jpg': mediaItem('image', { name: 'wide.jpg', width: 3000, height: 1000 }) },
  });
const PADDED =
  'Instagram @acme: files are fitted to what is taken here; found: wide.jpg: padded from 3000 × 1000 to 1.91:1 (1440 × 754).';
const CROPPED = 'wide.jpg: cropped from 3000 × 1000 to 1.91:1 (1440 × 754), around what draws the eye.';

describe('fit:', () => {
  it('margins when nobody has chosen; a button crops, and the next one turns it back', async () => {
    const { type, press, pass, recipients, stores, workspaceId } = await stage();
    const made = await type('/schedule when:"tomorrow 9:00" to:instagram,x media:wide.jpg Ding');
    const id = idIn(made);
    expect(wordsOf(made)).toContain(PADDED);
    const crop = `edit.fit:${id}:instagram1:crop`;
    expect(buttonsOf(made)).toContain(crop);
    const cropped = await press(crop);
    expect(wordsOf(cropped)).toContain('Changed.');
    expect(wordsOf(cropped)).toContain(CROPPED);
    expect((await stores.posts.find(workspaceId, id))?.words.fit).toBe('crop');
    const padded = await press(`edit.fit:${id}:instagram1:pad`);
    expect(wordsOf(padded)).toContain(PADDED);
    await press(crop);
    await pass(26 * 3_600_000);
    expect(recipients.map(({ label, fit }) => [label, fit])).toContainEqual(['Instagram', 'crop']);
  });

  it('as it was said, for one network too', async () => {
    const { type, press, stores, workspaceId } = await stage();
    const made = await type('/schedule when:"tomorrow 9:00" to:instagram fit:crop media:wide.jpg Ding');
    expect(wordsOf(made)).toContain(CROPPED);
    const id = idIn(await type('/schedule when:"tomorrow 9:00" to:instagram,x media:wide.jpg Dong'));
    await type(`/edit post:${id} to:instagram fit:crop`);
    expect(wordsOf(await press(`edit.fit:${id}:instagram1:pad`))).toContain(PADDED);
    expect((await stores.posts.find(workspaceId, id))?.variants).toEqual({ instagram: { fit: 'pad' } });
  });

  it('is not offered for what goes out at once, nor where every shape is taken', async () => {
    const { type } = await stage();
    const now = await type('/post to:instagram media:wide.jpg Ding');
    expect(wordsOf(now)).toContain(PADDED);
    expect(buttonsOf(now).some((action) => action.startsWith('edit.fit'))).toBe(false);
    const x = await type('/schedule when:"tomorrow 9:00" to:x media:wide.jpg Dong');
    expect(buttonsOf(x).some((action) => action.startsWith('edit.fit'))).toBe(false);
  });
});
