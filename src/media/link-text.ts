/** Reading of links: which are followed at all, and what the file behind one is called. */
import { cleanName, linkLabel } from '../core/media-label.ts';
import { linkRefused } from './link-problems.ts';

/** A link as a URL that may be fetched. `from` is the page that redirected to it. Error: MEDIA_LINK_REFUSED. */
export function parseLink(text: string, from?: URL): URL {
  const source = from ? `${linkLabel(from.href)} redirects to` : 'The link is';
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) throw linkRefused(`${source} no web address: ${cleanName(trimmed)}.`);
  const url = new URL(trimmed);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw linkRefused(`${source} a ${cleanName(url.protocol)} address; only http: and https: are fetched.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw linkRefused(`${source} an address with a name and password inside; those are not sent anywhere.`);
  }
  // The part after # is for browsers; without it the same page is the same address when redirects are compared.
  url.hash = '';
  return url;
}

/** The file's name: what the server calls it, else the end of the address, else the host. */
export function responseName(url: URL, disposition: string | string[] | undefined): string {
  const header = Array.isArray(disposition) ? disposition[0] : disposition;
  const named = header === undefined ? undefined : dispositionName(header);
  const path = url.pathname.split('/').findLast((part) => part !== '');
  return cleanName(lastPart(named ?? (path === undefined ? url.host : decoded(path))));
}

/** RFC 6266: `filename*` (encoded) wins over `filename`. */
function dispositionName(header: string): string | undefined {
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (encoded !== undefined) return decoded(encoded);
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
  return plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
}

function lastPart(name: string): string {
  return name.split(/[/\\]/).findLast((part) => part.trim() !== '') ?? name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not every server encodes as it should; the name is shown as it stands then.
    return text;
  }
}
