/** `/queue`: what is planned, and with filters everything else; a page at a time. */

import { titleOf } from '../src/core/cards/card.ts';
import { button, firstWords, idOf, STANDING_MARK, STANDING_WORDS, timeOf } from '../src/core/cards/parts.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { BUTTON_ID_BYTES, code, type Reply, strong, text } from '../src/core/reply.ts';
import type { PostView } from '../src/core/services/post-view.ts';
import type { Account, PostStanding } from '../src/core/words.ts';

const PAGE = 8;
const PAGES_MAX = 10_000;

const STATES: Readonly<Record<string, readonly PostStanding[]>> = {
  planned: ['waiting', 'working', 'attention'],
  waiting: ['waiting'],
  attention: ['attention'],
  drafts: ['draft'],
  done: ['done'],
  cancelled: ['cancelled'],
  all: ['draft', 'waiting', 'working', 'attention', 'done', 'cancelled'],
};

interface Filter {
  readonly state: string;
  readonly accountIds: readonly string[];
}

async function page(context: CommandContext, filter: Filter, wanted: number): Promise<Reply> {
  const standings = STATES[filter.state] ?? [];
  const newestFirst = filter.state === 'done' || filter.state === 'cancelled' || filter.state === 'all';
  const { views, total } = await context.services.posts.list(context.workspace.id, {
    standings,
    ...(filter.accountIds.length > 0 ? { accountIds: filter.accountIds } : {}),
    order: newestFirst ? 'newest' : 'due',
    skip: (wanted - 1) * PAGE,
    limit: PAGE,
  });
  const pages = Math.max(1, Math.ceil(total / PAGE));
  if (views.length === 0) return empty(filter, wanted, pages);
  const counted = `${total} ${total === 1 ? 'post' : 'posts'}`;
  return {
    tone: 'info',
    title: [
      strong(`Queue: ${filter.state}`),
      ` · ${counted}${pages > 1 ? `, page ${wanted} of ${pages}` : ''}`,
    ],
    blocks: [
      { kind: 'rows', rows: views.map((view) => row(view, context)) },
      text('Details: ', code(`/show post:${idOf((views[0] as PostView).post)}`)),
    ],
    buttons: turnButtons(filter, wanted, pages),
  };
}

function row(view: PostView, context: CommandContext) {
  const draw = drawContextOf(context);
  const { post, accounts } = view;
  const standing =
    post.standing === 'waiting'
      ? ''
      : `${post.standing === 'done' || post.standing === 'attention' ? titleOf(view) : STANDING_WORDS[post.standing]} · `;
  const mark =
    post.standing === 'attention' && view.deliveries.some((each) => each.state === 'failed')
      ? 'failed'
      : STANDING_MARK[post.standing];
  return {
    mark,
    label: [
      strong(idOf(post)),
      ' ',
      ...(post.immediate && post.standing === 'draft' ? ['at once'] : [timeOf(post.dueAt, draw)]),
    ],
    detail: [`${standing}${networks(accounts, context)}: ${firstWords(post.words.text || '(no words)', 70)}`],
  } as const;
}

function networks(accounts: readonly Account[], context: CommandContext): string {
  const names = accounts.map((account) => context.services.accounts.networkLabel(account.network));
  return [...new Set(names)].join(', ');
}

function empty(filter: Filter, wanted: number, pages: number): Reply {
  if (wanted > 1) {
    return {
      tone: 'info',
      title: [`There is no page ${wanted}`],
      blocks: [
        text(`The list has ${pages} ${pages === 1 ? 'page' : 'pages'}: `, code(`/queue page:${pages}`)),
      ],
    };
  }
  const hint =
    filter.state === 'planned' || filter.state === 'all'
      ? ['Plan something: ', code('/schedule when:"tomorrow 9:00" Good morning')]
      : ['See everything: ', code('/queue state:all')];
  const which = filter.state === 'planned' ? 'Nothing is planned' : `Queue: ${filter.state} · nothing here`;
  const where = filter.accountIds.length > 0 ? ' for these accounts' : '';
  return { tone: 'info', title: [`${which}${where}`], blocks: [text(...hint)] };
}

function turnButtons(filter: Filter, wanted: number, pages: number) {
  const action = (to: number): string => `queue.page:${to}:${filter.state}:${filter.accountIds.join('+')}`;
  // With many accounts in the filter the button would not fit; the option `page` still turns.
  if (Buffer.byteLength(action(PAGES_MAX)) > BUTTON_ID_BYTES) return [];
  const back = wanted > 1 ? [button('Back', action(wanted - 1))] : [];
  const on = wanted < pages ? [button('More', action(wanted + 1))] : [];
  return back.length + on.length > 0 ? [[...back, ...on]] : [];
}

export default defineCommand({
  name: 'queue',
  summary: 'What is planned; with filters, everything',
  role: 'viewer',
  options: {
    state: {
      kind: 'choice',
      summary: 'Which posts; left out: what is planned',
      choices: Object.keys(STATES).map((value) => ({ value, label: value })),
    },
    to: { kind: 'targets', summary: 'Only for these networks or accounts' },
    page: { kind: 'integer', summary: 'Which page', min: 1, max: PAGES_MAX },
  },
  examples: ['/queue', '/queue to:x state:done', '/queue page:2'],
  actions: {
    page: {
      role: 'viewer',
      run: (context, [wanted = '1', state = 'planned', accounts = '']) =>
        page(
          context,
          {
            state: Object.hasOwn(STATES, state) ? state : 'planned',
            accountIds: accounts.split('+').filter(Boolean),
          },
          Math.min(Math.max(1, Number(wanted) || 1), PAGES_MAX),
        ),
    },
  },
  run: (context, { state, to, page: wanted }) =>
    page(
      context,
      { state: state ?? 'planned', accountIds: (to ?? []).map((account) => account.id) },
      wanted ?? 1,
    ),
});
