/** The script of the wall page: asks for what is new every two seconds and draws it as text, never as markup. */
export const WALL_SCRIPT = `
'use strict';
const NETWORKS = { facebook: 'Facebook', instagram: 'Instagram', pinterest: 'Pinterest', tumblr: 'Tumblr', x: 'X' };
const FORMATS = { reel: 'Reel', story: 'Story' };
const EVERY_MS = 2000;
const SHOWN = 200;
const feeds = document.getElementById('feeds');
const state = document.getElementById('state');
let etag = '';
const cards = new Map();

function element(tag, props, ...children) {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function medium(item) {
  const props = { src: item.url, alt: item.alt || '', title: item.alt || '' };
  if (item.kind !== 'video') return element('img', { ...props, loading: 'lazy' });
  const { url, second } = item.cover || {};
  const still = url ? { poster: url } : {};
  return element('video', { src: item.url + (second ? '#t=' + second : ''), ...still, controls: true, preload: 'metadata', title: props.title });
}

function moment(second) {
  return Math.floor(second / 60) + ':' + String(second % 60).padStart(2, '0');
}

// What the network would show by where and how it puts the post: small marks under the name.
function marks(post) {
  const cover = post.media.map((item) => item.cover).find(Boolean);
  const names = [
    FORMATS[post.format],
    post.part && 'Part ' + post.part.number + ' of ' + post.part.of,
    post.board && 'Board: ' + post.board,
    cover && 'Cover: ' + (cover.url ? 'own picture' : 'at ' + moment(cover.second)),
    post.replies && post.replies !== 'everyone' && 'Replies: ' + post.replies,
  ].filter(Boolean);
  return names.length ? element('p', { className: 'marks' }, ...names.map((name) => element('span', { dir: 'auto' }, name))) : null;
}

function comment(account, words) {
  return element('div', { className: 'comment' }, element('b', {}, account), element('span', { dir: 'auto' }, words));
}

function poll({ options, minutes }) {
  const days = minutes / 1440;
  const open = days >= 1 ? Math.round(days * 10) / 10 + (days === 1 ? ' day' : ' days') : minutes >= 60 ? Math.round(minutes / 6) / 10 + ' h' : minutes + ' min';
  return element('div', { className: 'poll' }, ...options.map((option) => element('span', { dir: 'auto' }, option)), element('small', {}, 'Poll, open for ' + open));
}

function card(post, fresh) {
  const at = new Date(post.at);
  const time = element('time', { dateTime: post.at, title: at.toLocaleString() }, at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
  const isWeb = post.link && (post.link.startsWith('https://') || post.link.startsWith('http://'));
  return element('article', { id: post.id, className: [fresh ? 'new' : '', post.format || '', post.answers ? 'answer' : ''].filter(Boolean).join(' ') },
    element('div', { className: 'by' }, element('i', {}, post.account.replace('@', '').slice(0, 1).toUpperCase()), element('b', {}, post.account), element('span', {}, '#' + post.post), time),
    marks(post),
    post.title ? element('h3', {}, post.title) : null,
    post.text ? element('p', { className: 'words', dir: 'auto' }, post.text) : null,
    post.link ? element(isWeb ? 'a' : 'span', isWeb ? { className: 'link', href: post.link, rel: 'noreferrer noopener', target: '_blank' } : { className: 'link' }, post.link) : null,
    post.poll ? poll(post.poll) : null,
    post.media.length ? element('div', { className: 'media' }, ...post.media.map(medium)) : null,
    post.firstComment ? comment(post.account, post.firstComment) : null);
}

function column(network, name) {
  const count = element('span', {});
  const list = element('div', {});
  const empty = element('p', { className: 'empty' }, 'Nothing yet. Try: /post to:' + network + ' Hello');
  feeds.append(element('section', { className: network }, element('h2', {}, name, count), empty, list));
  return { count, list, empty };
}

const columns = Object.entries(NETWORKS).map(([network, name]) => ({ network, ...column(network, name) }));

// Cards that stand already are left alone, so that a video goes on playing while others arrive.
function draw(posts) {
  const first = cards.size === 0;
  const present = new Set(posts.map((post) => post.id));
  for (const [id, made] of cards) {
    if (present.has(id)) continue;
    made.remove();
    cards.delete(id);
  }
  for (const { network, count, list, empty } of columns) {
    const own = posts.filter((post) => post.network === network);
    for (const post of own.slice().reverse()) {
      if (cards.has(post.id)) continue;
      const made = card(post, !first);
      cards.set(post.id, made);
      list.prepend(made);
    }
    count.textContent = String(own.length || '');
    empty.hidden = own.length > 0;
  }
  if (first && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

async function look() {
  try {
    const answer = await fetch('/wall.json?limit=' + SHOWN, { headers: etag ? { 'if-none-match': etag } : {}, cache: 'no-store' });
    if (answer.status === 200) {
      etag = answer.headers.get('etag') || '';
      draw(await answer.json());
    }
    state.textContent = '';
  } catch {
    state.textContent = 'Carillon does not answer; trying again.';
  }
  setTimeout(look, EVERY_MS);
}
look();
`;
