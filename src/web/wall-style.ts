/** How the wall looks: a column for each network in its colour, light and dark, one below the other on a phone. */
export const WALL_STYLE = `
:root { color-scheme: light dark; --paper: #f4f5f7; --card: #fff; --ink: #16181d; --soft: #646b78; --line: #e3e6eb; }
@media (prefers-color-scheme: dark) { :root { --paper: #111318; --card: #1b1e25; --ink: #eceef2; --soft: #9aa2b1; --line: #2b303a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header { padding: 20px 24px 4px; display: flex; gap: 4px 16px; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 22px; margin: 0; letter-spacing: -.01em; }
header p { margin: 0; color: var(--soft); }
#state { margin-left: auto; font-size: 13px; }
main { display: grid; grid-template-columns: repeat(5, minmax(220px, 1fr)); gap: 16px; padding: 16px 24px 40px; overflow-x: auto; }
@media (max-width: 760px) { main { grid-template-columns: 1fr; padding: 12px; } header { padding: 16px 12px 0; } }
section { min-width: 0; }
h2 { font-size: 14px; margin: 0 0 10px; padding: 8px 12px; border-radius: 10px; color: #fff; background: var(--brand); display: flex; justify-content: space-between; }
h2 span { opacity: .85; font-weight: 500; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 14px; margin-bottom: 12px; overflow: hidden; box-shadow: 0 1px 2px rgb(0 0 0 / .05); }
article.new { animation: arrive .5s ease-out; }
@keyframes arrive { from { opacity: 0; transform: translateY(-8px); } }
@media (prefers-reduced-motion: reduce) { article.new { animation: none; } }
.by { display: flex; align-items: center; gap: 8px; padding: 10px 12px 0; font-size: 13px; color: var(--soft); }
.by i { width: 26px; height: 26px; border-radius: 50%; background: var(--brand); flex: none; display: grid; place-items: center; color: #fff; font: 600 13px system-ui; }
.by b { color: var(--ink); }
.by b, .by span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.by span { flex-shrink: 2; }
.by time { margin-left: auto; white-space: nowrap; }
article:target { outline: 2px solid var(--brand); }
h3 { margin: 8px 12px 0; font-size: 15px; }
.words { margin: 8px 12px 12px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 22em; overflow-y: auto; }
.link { display: block; margin: 0 12px 12px; padding: 8px 10px; border: 1px solid var(--line); border-radius: 10px; color: inherit; text-decoration: none; font-size: 13px; overflow-wrap: anywhere; }
.poll { display: grid; gap: 6px; margin: 0 12px 12px; }
.poll span { padding: 6px 10px; border: 1px solid var(--line); border-radius: 999px; text-align: center; overflow-wrap: anywhere; }
.poll small { color: var(--soft); font-size: 12px; }
.marks { display: flex; flex-wrap: wrap; gap: 4px; margin: 8px 12px 0; }
.marks span { max-width: 100%; padding: 1px 8px; border: 1px solid var(--line); border-radius: 999px; background: var(--paper); color: var(--soft); font-size: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.story .marks span:first-child, .reel .marks span:first-child { border-color: var(--brand); background: var(--brand); color: #fff; }
.story .by i, .reel .by i { outline: 2px solid var(--brand); outline-offset: 2px; margin-right: 3px; }
.answer { margin-left: 14px; border-left: 3px solid var(--brand); }
.marks + .media, .by + .media { margin-top: 10px; }
.comment { display: flex; gap: 6px; padding: 10px 12px; border-top: 1px solid var(--line); font-size: 13px; }
.comment span { min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap; color: var(--soft); }
.media { display: grid; gap: 2px; grid-template-columns: repeat(2, 1fr); background: var(--line); }
.media > :only-child, .media > video { grid-column: 1 / -1; }
.media img, .media video { width: 100%; height: 100%; max-height: 360px; object-fit: cover; display: block; background: #000; }
.media > :only-child { object-fit: contain; background: var(--paper); }
.story .media > :only-child { aspect-ratio: 9 / 16; max-height: 440px; background: #000; }
.empty { color: var(--soft); border: 1px dashed var(--line); border-radius: 14px; padding: 18px 14px; text-align: center; font-size: 13px; }
.facebook { --brand: #1877f2; } .instagram { --brand: #c13584; } .pinterest { --brand: #bd081c; } .tumblr { --brand: #36465d; } .x { --brand: #0f1419; }
@media (prefers-color-scheme: dark) { .x { --brand: #3a3f47; } }
`;
