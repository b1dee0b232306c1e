/**
 * Ways of writing a moment that chrono-node does not read, or takes for something else, put into one that it does read.
 * What is clear in any language (25.12., 18h30) is understood in every language.
 */
import { existsDay, isoDay, yearAhead } from './ahead.ts';
import { PARTS_OF_DAY, type Respelling } from './parts-of-day.ts';
import { addDays, type WallTime } from './zones.ts';

/** @param today the wall time now, in the zone that the moment is read in */
export function respell(text: string, locale: string, today: WallTime): string {
  const [language = ''] = locale.split('-');
  const own = [...(PARTS_OF_DAY[language] ?? []), ...(BY_LANGUAGE[language] ?? [])].reduce(
    (said, [pattern, instead]) => said.replace(pattern, instead),
    text,
  );
  return withClockTimes(dayBeforeMonth(withIsoDates(withDayWords(own, today), today), language));
}

/** Words that stand for one hour of a day, with the small word before them; alike in every language, so that "midnight" is. */
const wordFor = (before: string, words: string): RegExp =>
  new RegExp(String.raw`(?<!\p{L})(?:(?:${before}) )?(?:${words})(?!\p{L})`, 'giu');
const MIDNIGHT = wordFor(
  'at|um|zu|à|a|a la|às|om',
  'midnight|mitternachts?|minuit|medianoche|mezzanotte|meia-noite|middernacht',
);
const TWELVE_AM = /(?<![\d:.])12(?:[:.]00)? ?a\.?m\b/i;
const NOON = wordFor('at|am|zu|à|a|al|ao', 'noon|midday|mittags?|midi|mediod[ií]a|mezzogiorno|meio-dia');
const THIS_DAY = wordFor(
  '',
  "today|tonight|heute(?: (?:abend|nacht))?|aujourd[’']hui|ce soir|cette nuit|hoy|esta noche|oggi|stasera|stanotte|hoje(?: à noite)?|vandaag|vanavond|vannacht",
);
const DAY_AFTER_TOMORROW = wordFor(
  'the',
  'day after tomorrow|übermorgen|après[- ]demain|pasado mañana|dopodomani|depois de amanhã|overmorgen',
);

/** Whether midnight is named together with a day, so that it has to be told whether its start or its end is meant. */
export function namesMidnightOfADay(text: string): boolean {
  const rest = text.replace(MIDNIGHT, ' ').replace(TWELVE_AM, ' ').replace(THIS_DAY, ' ');
  const isNamed = text.search(MIDNIGHT) >= 0 || TWELVE_AM.test(text);
  return isNamed && rest.trim() !== '';
}

function withDayWords(text: string, today: WallTime): string {
  const later = (days: number): string => isoDay(addDays(today, days));
  const named = text.replace(DAY_AFTER_TOMORROW, later(2));
  // Tonight's midnight is the one that comes; that of any other day is where the day begins.
  const night = named.search(MIDNIGHT) >= 0 ? named.replace(THIS_DAY, later(1)) : named;
  return night.replace(MIDNIGHT, '0:00').replace(NOON, '12:00');
}

/** "18h" is a time of day, except behind a word that makes it a distance. English means a distance by it. */
const HOUR: Respelling = [
  /(?<!\b(?:in|en|tra|fra|de|over|binnen) |[\d.:+])\b(\d{1,2}) ?h(?! ?\d|\p{L})/giu,
  '$1:00',
];
const BY_LANGUAGE: Readonly<Record<string, readonly Respelling[]>> = {
  de: [[/(?<![\d.:])(\d{1,2}) ?uhr(?! ?\d|\p{L})/giu, '$1:00']],
  es: [HOUR],
  it: [[/\bore (?=\d)/gi, 'alle '], HOUR],
  nl: [[/(?<![\d.:])(\d{1,2}) ?uur(?! ?\d|\p{L})/giu, '$1:00'], HOUR],
  pt: [
    [/\b(?:em|daqui a|dentro de) (\d+) ?min(?:utos?)?\b/gi, 'in $1 min'],
    [/\b(?:em|daqui a|dentro de) (\d+) ?h(?:oras?)?\b/gi, 'in $1 hours'],
    [/\b(?:em|daqui a|dentro de) (\d+) ?dias?\b/gi, 'in $1 days'],
    [/(?<!\p{L})(segunda|terça|quarta|quinta|sexta)(?=[ ,]|$)/giu, '$1-feira'],
    HOUR,
  ],
};

const DOTTED = /(?<![\d.:])(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4}|\d{2})(?![\d:.h]))?/g;
/** Without the second dot it may be a time, unless the time stands beside it. */
const HALF_DOTTED = /(?<![\d.:])(\d{1,2})\.(\d{1,2})(?![\d.])/g;

/** Dots are written day first everywhere. A day that does not exist is left as it stands, and cannot be read. */
function withIsoDates(text: string, today: WallTime): string {
  const whole = text.replace(
    DOTTED,
    (written, day, month, year) => isoDate(Number(day), Number(month), year, today) ?? written,
  );
  if (!/\d:\d\d/.test(whole)) return whole;
  return whole.replace(
    HALF_DOTTED,
    (written, day, month) => isoDate(Number(day), Number(month), undefined, today) ?? written,
  );
}

function isoDate(day: number, month: number, given: string | undefined, today: WallTime): string | undefined {
  const year = given === undefined ? yearAhead({ month, day }, today) : Number(given.padStart(4, '20'));
  if (year === undefined || !existsDay({ year, month, day })) return undefined;
  return isoDay({ year, month, day });
}

const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|march';
const MONTH_DAY = (months: string): RegExp =>
  new RegExp(
    String.raw`(?<!\p{L}|\d )(${months})\.? (\d{1,2})(?:st|nd|rd|th)?(?![\d:.]|,? \d{4})(?!\p{L})`,
    'giu',
  );
const ENGLISH_MONTH_DAY = MONTH_DAY(`${MONTHS}|mar`);
/** Elsewhere "mar" may be a Tuesday. */
const OTHER_MONTH_DAY = MONTH_DAY(MONTHS);

/** "dec 27" is a day; a parser that reads the day first takes it for December 2027. */
function dayBeforeMonth(text: string, language: string): string {
  return text.replace(language === 'en' ? ENGLISH_MONTH_DAY : OTHER_MONTH_DAY, '$2 $1');
}

/** 18h30 and 18.30 for 18:30; "in 1h30" is a distance. */
function withClockTimes(text: string): string {
  return text
    .replace(
      /(?<!\b(?:in|en|tra|fra|de|dans|over|binnen) |[\d.:+-])\b(\d{1,2})h(\d{2})(?![\p{L}\d])/giu,
      '$1:$2',
    )
    .replace(/(?<![\d.:])([01]?\d|2[0-3])\.([0-5]\d)(?![\d.:])/g, '$1:$2');
}
