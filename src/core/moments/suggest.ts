/** Moments to choose from while a person types, each with its meaning. */
import type { Choice } from '../command.ts';
import { type MomentContext, readMoment } from './read.ts';
import { echo } from './show.ts';

const USUAL = ['in 1 hour', 'today 18:00', 'tomorrow 9:00', 'tomorrow 18:00', 'sat 10:00', 'mon 9:00'];

/** What is typed so far comes first when it can be read already; usual moments follow. */
export function suggestMoments(typed: string, context: MomentContext): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  const usual = USUAL.filter((each) => wanted === '' || each.startsWith(wanted));
  const candidates = [...(wanted === '' ? [] : [typed.trim()]), ...usual];
  return [...new Set(candidates)].flatMap((each) => meaning(each, context));
}

function meaning(typed: string, context: MomentContext): readonly Choice[] {
  try {
    const reading = readMoment(typed, context);
    if (reading.kind === 'read')
      return [{ value: typed, label: `${typed} → ${echo(reading.at, { ...context, zone: reading.zone })}` }];
    if (reading.kind === 'doubled') {
      return reading.choices.map((at) => ({
        value: `${at.toISOString().slice(0, 16)}Z`,
        label: `${typed} → ${echo(at, { ...context, zone: reading.zone })}, one of two`,
      }));
    }
    return [];
  } catch {
    // A zone that is half typed is not known yet; there is nothing to suggest for it.
    return [];
  }
}
