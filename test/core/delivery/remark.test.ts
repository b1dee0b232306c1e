/** What did not come out as meant, although the post is there, is told beside "published". */
import { expect, it } from 'vitest';
import { accept } from '../../helpers/played-network.ts';
import { wordsOf } from '../../helpers/replies.ts';
import { useStages } from '../../helpers/stage.ts';

const createStage = useStages();
const REMARK = 'The first comment could not be written: No right. Write it there by hand.';

it('stays on the card and in the outcome', async () => {
  const stage = await createStage();
  stage.x.script.push(
    async (context, create) => ({ ...(await accept(context, create)), remark: REMARK }) as const,
  );
  const reply = await stage.type('/post to:x Hello');
  await stage.pass(1000);
  const outcome = stage.told.findLast((each) => each.kind === 'send');
  expect(wordsOf(outcome?.reply as never)).toContain(`[ok] X @acme: published. ${REMARK}`);
  expect(wordsOf(await stage.type(`/show post:#${reply.card}`))).toContain(REMARK);
});

it('of a look is kept as well', async () => {
  const stage = await createStage();
  stage.x.script.push(async (context, create) => {
    await context.creating({ text: context.content.text, mediaCount: 0 });
    create();
    throw new Error('the process died here');
  });
  stage.x.looks.push({ state: 'published', id: 'x-1', remark: REMARK });
  const reply = await stage.type('/post to:x Hello');
  await stage.pass(10_000);
  expect(wordsOf(await stage.type(`/show post:#${reply.card}`))).toContain(`published. ${REMARK}`);
});
