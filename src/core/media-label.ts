/** Names of files and links as they may stand in a message: short, and without characters that deceive the eye. */
import { cleanText, cleanValue } from './clean-text.ts';

/** Longest name that is kept or shown; longer ones lose their middle. */
const LONGEST = 80;

/** The name made safe to show: one line, nothing unseen in it (a turned reading direction makes `gpj.exe` of `exe.jpg`). */
export function cleanName(name: string): string {
  const clean = cleanValue(cleanText(name).replace(/\s+/g, ' '));
  const letters = Array.from(clean === '' ? 'file' : clean);
  if (letters.length <= LONGEST) return letters.join('');
  const half = Math.floor((LONGEST - 1) / 2);
  return `${letters.slice(0, half).join('')}…${letters.slice(-half).join('')}`;
}

/** A link for a message: never its query or credentials, which may be secret. */
export function linkLabel(url: string): string {
  if (!URL.canParse(url)) return cleanName(url.split(/[?#]/, 1)[0] ?? '');
  const { protocol, host, pathname } = new URL(url);
  return cleanName(protocol === 'http:' || protocol === 'https:' ? `${host}${pathname}` : `${protocol}…`);
}
