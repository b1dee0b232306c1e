/**
 * Whether an unquoted moment was cut at its first space (`when:tomorrow 9:00 Hello`). What follows it is published with the
 * words, at another time than was meant, so it has to be noticed.
 */
import { knownZones } from './zones.ts';

/** The second half of `tomorrow 9:00`. */
const CLOCK_TIME =
  /^[ \t]+(?:(?:at|um|à|alle|ore|a las|às|om)[ \t]+\d[\d:.]*(?:[ \t]?(?:h|uhr|uur)(?!\p{L}))?|\d{1,2}[:.h]\d{2}(?!\.)|\d{1,2}[ \t]?(?:[ap]m|h|uhr|uur)(?!\p{L})|(?:(?:at|um|à|a|om)[ \t]+)?(?:noon|midnight|mittag|mitternacht|midi|minuit|mediod[ií]a|medianoche|mezzogiorno|mezzanotte|meio-dia|meia-noite|middernacht)(?!\p{L}))/iu;
/** `fri 27.11.`, `9:00 25.12.2026`. */
const DATE = /^[ \t]+(?:\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?|\d{4}-\d{2}-\d{2})(?![\d.])/;
/** `18:30 Uhr`. */
const AFTER_A_CLOCK_TIME = /^[ \t]+(?:uhr|uur)\b/i;
/** `9:00 pm`; behind 18:30 it is a word ("am Hafen"). */
const HALF_OF_DAY = /^[ \t]+[ap]\.?m\b\.?/i;
const IS_OF_TWELVE_HOURS = /(?<![\d:.])(?:0?\d|1[0-2])[:.]\d\d$/;
/** `friday evening`, `sexta à noite`. With a capital letter it is the beginning of a text, save in German. */
const PART_OF_DAY =
  /^[ \t]+(?:(?:in the|por la|de la|à|de|di) )?(?:morning|afternoon|evening|night|[Aa]bends?|[Vv]ormittags?|[Nn]achmittags?|matin|soir|après-midi|mañana|tarde|noche|mattina|pomeriggio|sera|manhã|noite|ochtend|middag|avond)(?!\p{L})/u;
const ZONE = /^[ \t]+([A-Za-z_]+\/[A-Za-z_+\-/0-9]+|UTC|GMT)(?=\s|$)/;
const HAS_CLOCK_TIME = /\d:\d\d|(?<![\d.])\d{1,2}\.\d\d(?![\d.])|\dh|\d[ap]m|noon|midnight/i;
const HAS_DATE = /\d{1,2}\.\d{1,2}\.|\d{4}-\d{2}/;
/** Words that cannot be a whole moment: `in 20 min`, `dec 27`. */
const BEGINNING =
  /^(?:in|at|on|next|this|the|jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/i;

/** What follows and belongs to the moment, as far as it is known; undefined when `value` is a moment by itself. */
export function secondHalf(value: string, following: string): string | undefined {
  const hasClockTime = HAS_CLOCK_TIME.test(value);
  const found =
    (hasClockTime ? AFTER_A_CLOCK_TIME : CLOCK_TIME).exec(following)?.[0] ??
    (IS_OF_TWELVE_HOURS.test(value) ? HALF_OF_DAY.exec(following)?.[0] : undefined) ??
    (HAS_DATE.test(value) ? undefined : DATE.exec(following)?.[0]) ??
    (hasClockTime ? undefined : PART_OF_DAY.exec(following)?.[0]) ??
    zoneIn(following);
  return found ?? (BEGINNING.test(value) ? '' : undefined);
}

function zoneIn(following: string): string | undefined {
  const named = ZONE.exec(following)?.[1];
  if (named === undefined) return undefined;
  const isZone = named === 'GMT' || knownZones().some((zone) => zone.toLowerCase() === named.toLowerCase());
  return isZone ? ` ${named}` : undefined;
}
