/** `/retry`: sends again what failed or waits; and a person's word on what could not be found out. */
import { drawCard } from '../src/core/cards/card.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { POST_OPTION, postOf } from '../src/core/desk/post-option.ts';
import { usageError } from '../src/core/errors.ts';
import type { Reply } from '../src/core/reply.ts';
import type { Changed } from '../src/core/services/hold.ts';
import type { Verdict } from '../src/core/services/verdict.ts';
import type { Post } from '../src/core/words.ts';

function told(context: CommandContext, changed: Changed, lead: string): Reply {
  return drawCard(changed, drawContextOf(context), { lead });
}

async function sendNow(context: CommandContext, post: Post, only?: readonly string[]): Promise<Reply> {
  const changed = await context.services.posts.sendNow(post, only);
  const count = changed.applied.length;
  if (post.dueAt > context.clock.now())
    return told(context, changed, 'The account gets another chance; the post goes out at its time.');
  if (changed.applied.every((each) => each.state === 'overdue'))
    return told(context, changed, 'Publishing it now.');
  return told(context, changed, count === 1 ? 'Trying again now.' : `Trying ${count} accounts again now.`);
}

async function decide(
  context: CommandContext,
  id: string,
  accountId: string,
  verdict: Verdict,
  lead: string,
): Promise<Reply> {
  const post = await postOf(context, id);
  return told(context, await context.services.posts.decide(post, accountId, verdict, context.signal), lead);
}

/** "Published" is said only with something to show for it: the address of the post. */
function addressOf(answer: string): string {
  try {
    const url = new URL(answer.trim());
    if (url.protocol === 'https:' || url.protocol === 'http:') return url.href;
  } catch {
    // Told below.
  }
  throw usageError(
    'OPTION_INVALID',
    `“${answer.trim().slice(0, 80)}” is no web address.`,
    'Copy the address of the published post from the network.',
  );
}

const again = {
  role: 'editor',
  run: async (context: CommandContext, [id = '']: readonly string[]) =>
    sendNow(context, await postOf(context, id)),
} as const;

export default defineCommand({
  name: 'retry',
  summary: 'Try again what failed',
  role: 'editor',
  options: {
    post: POST_OPTION,
    to: { kind: 'targets', summary: 'Only for these networks or accounts' },
  },
  examples: ['/retry post:#K7QPD', '/retry post:#K7QPD to:x'],
  actions: {
    post: again,
    overdue: again,
    look: {
      role: 'editor',
      run: (context, [id = '', account = '']) =>
        decide(context, id, account, { is: 'look again' }, 'Looking again.'),
    },
    absent: {
      role: 'editor',
      run: (context, [id = '', account = '']) =>
        decide(context, id, account, { is: 'not there' }, 'Sending it again.'),
    },
    there: {
      role: 'editor',
      ask: { title: 'It is there', label: 'The address of the published post', multiline: false, max: 500 },
      run: async (context, [id = '', account = ''], answer) =>
        decide(context, id, account, { is: 'there', url: addressOf(answer) }, 'Noted as published.'),
    },
  },
  run: (context, { post, to }) =>
    sendNow(
      context,
      post,
      to?.map((account) => account.id),
    ),
});
