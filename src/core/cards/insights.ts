/** The numbers of a post as a table, a row for each account. */
import { MINUTE } from '../clock.ts';
import { type Insights, MEASURES, type Measure } from '../insights.ts';
import { distance, fullMoment } from '../moments/show.ts';
import { type Mark, type Reply, type Row, strong, text } from '../reply.ts';
import type { AccountInsights, Told } from '../services/insights.ts';
import type { Post } from '../words.ts';
import { type DrawContext, firstWords, idOf } from './parts.ts';

export function drawInsights(post: Post, found: readonly AccountInsights[], context: DrawContext): Reply {
  const { timeZone, locale } = context.workspace;
  const asOf = fullMoment(context.now, timeZone, locale);
  return {
    tone: 'info',
    title: [strong(idOf(post)), ' · numbers'],
    blocks: [
      ...(post.words.text ? [text(`“${firstWords(post.words.text, 80)}”`)] : []),
      { kind: 'rows', rows: found.map((each) => row(each, context)) },
      text('As of ', { kind: 'time', at: context.now, text: asOf }, '.'),
    ],
  };
}

const MARK: Readonly<Record<Told['is'], Mark>> = {
  told: 'ok',
  'nothing to count': 'off',
  'not told': 'question',
};

function row({ account, told }: AccountInsights, context: DrawContext): Row {
  const detail = told.is === 'told' ? describe(told.insights, context) : told.why;
  return { mark: MARK[told.is], label: [context.labelOf(account)], detail: [detail] };
}

/** "1,204 impressions · 31 likes · 1 comment (3 minutes ago). What is missing, and why." */
function describe({ numbers, at, notes }: Insights, context: DrawContext): string {
  const { locale } = context.workspace;
  const format = new Intl.NumberFormat(locale);
  const counted = (Object.keys(MEASURES) as Measure[]).flatMap((measure) => {
    const value = numbers[measure];
    if (value === undefined) return [];
    const [one, several] = MEASURES[measure];
    return [`${format.format(value)} ${value === 1 ? one : several}`];
  });
  const isOld = context.now.getTime() - at.getTime() >= MINUTE;
  const asked = isOld ? ` (asked ${distance(at, context.now, locale)})` : '';
  const told = counted.length > 0 ? `${counted.join(' · ')}${asked}` : `no numbers yet${asked}`;
  return notes.length > 0 ? `${told}. ${notes.join(' ')}` : told;
}
