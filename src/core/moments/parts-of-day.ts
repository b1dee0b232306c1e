/**
 * Parts of a day as people of each language write them ("vrijdagavond", "viernes por la noche"), put into the words that
 * the parser of that language reads. Which hour such a word stands for is the parser's; the note beside the moment tells it.
 */

export type Respelling = readonly [pattern: RegExp, instead: string];

/** Not in the middle of a word, where letters with accents count as letters. */
const word = (pattern: string): RegExp => new RegExp(String.raw`(?<!\p{L})(?:${pattern})(?!\p{L})`, 'giu');

const GERMAN_DAY = '(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?';
const DUTCH_DAY = '(maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)';

/** "9 de la noche", "8:30 di sera": the part of the day is the second half of a clock time of twelve hours. Twelve itself is both. */
const behindAnHour = (part: string): RegExp =>
  new RegExp(String.raw`(?<![\d:.])(0?[1-9]|1[01])([:.h]\d\d)? ?h? ${part}(?!\p{L})`, 'giu');

export const PARTS_OF_DAY: Readonly<Record<string, readonly Respelling[]>> = {
  de: [
    [word(`${GERMAN_DAY}[- ]?(abend|vormittag|nachmittag|mittag|nacht)s?`), '$1 $2'],
    // "Freitag Morgen" would be taken for Friday and tomorrow.
    [word(`${GERMAN_DAY}[- ]?(?:morgens?|früh)`), '$1 vormittag'],
    [word('morgen früh'), 'morgen'],
  ],
  es: [
    [behindAnHour('(?:de|por) la mañana'), '$1$2 am'],
    [behindAnHour('(?:de|por) la (?:tarde|noche)'), '$1$2 pm'],
    [/ (?:de|por|en) la (tarde|noche)(?!\p{L})/giu, ' $1'],
    // Without its part the day is the morning already; "viernes mañana" would be two days.
    [/ (?:de|por|en) la mañana(?!\p{L})/giu, ''],
  ],
  fr: [
    [word("(?:cet |dans l['’]|l['’])?apr[eè]s[- ]midi"), 'aprem'],
    [/(?<!dans )\b(\d{1,2}) ?heures?(?: (\d{2}))?(?!\p{L})/giu, '$1h$2'],
  ],
  it: [
    [behindAnHour('di mattina'), '$1$2 am'],
    [behindAnHour('(?:di sera|del pomeriggio)'), '$1$2 pm'],
  ],
  nl: [
    [word(`${DUTCH_DAY} ?(avond|middag|ochtend)`), '$1 $2'],
    // "vrijdag morgen" would be taken for Friday and tomorrow.
    [word(`${DUTCH_DAY} ?morgen`), '$1 ochtend'],
    // The parser drops the part of the day, and would take the morning for the evening.
    [/(?<!\p{L})vanavond(?: om)?(?= \d)/giu, 'this evening at'],
    [/(?<!\p{L})morgenavond(?: om)?(?= \d)/giu, 'tomorrow evening at'],
    [/(?<!\p{L})morgenmiddag(?: om)?(?= \d)/giu, 'tomorrow afternoon at'],
    [word('vanavond'), 'this evening'],
    [word('morgenavond'), 'tomorrow evening'],
    [word('vanmiddag'), 'this afternoon'],
    [word('morgenmiddag'), 'tomorrow afternoon'],
    [word('vannacht'), 'tonight'],
  ],
  pt: [
    [behindAnHour('da manhã'), '$1$2 am'],
    [behindAnHour('da (?:tarde|noite)'), '$1$2 pm'],
    [/ (?:de|da|pela|à) (tarde|noite)(?!\p{L})/giu, ' à $1'],
    [/ (?:de|da|pela) manhã(?!\p{L})/giu, ''],
  ],
};
