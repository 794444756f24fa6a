// A region that keeps itself up to date: asks every 1.5 s with the version it shows, swaps only what changed.
// <section data-live="/board/now" data-version="…">; 204: nothing new; 200: new content, its version in X-Version.
// A region says since when it has had no news (data-state="stale" on the body, the time in [data-since]).
const EVERY = 1500, STALE_AFTER = 5000;

// What is drawn anew under a finger that is down loses the press.
let pressing = false;
addEventListener('pointerdown', () => { pressing = true; }, true);
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { setTimeout(() => { pressing = false; }); }, true);

export const keepLive = (region, onFresh = () => {}) => {
  let last = Date.now(), timer;
  const ask = async () => {
    try {
      const address = new URL(region.dataset.live, location.href);
      address.searchParams.set('version', region.dataset.version ?? '');
      const answer = await fetch(address, { headers: { 'X-Requested-With': 'live' }, signal: AbortSignal.timeout(4000) });
      if (answer.status === 401) { location.reload(); return; } // the page itself knows the way to sign in and back
      if (answer.status === 200) {
        region.dataset.version = answer.headers.get('X-Version') ?? '';
        const html = await answer.text();
        while (pressing) await new Promise((done) => { setTimeout(done, 50); });
        swap(region, html);
        onFresh(region);
      }
      if (answer.ok) { last = Date.now(); tell(answer.headers.get('Date')); }
    } catch { /* the next one may get through */ }
    show(Date.now() - last > STALE_AFTER, last);
    timer = setTimeout(ask, EVERY);
  };
  timer = setTimeout(ask, EVERY);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') { clearTimeout(timer); ask(); }
  });
};

// What has the focus keeps it, and what one looks at stays where it is on the screen, however much came above it.
const swap = (region, html) => {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const marked = region.querySelector('li[aria-current="true"]')?.id;
  const anchor = active?.closest('[id]')?.id || marked || [...region.querySelectorAll('li[id]')].find((row) => row.getBoundingClientRect().bottom > 0)?.id;
  const top = () => document.getElementById(anchor)?.getBoundingClientRect().top;
  const before = anchor && scrollY ? top() : undefined;
  const names = active && ['href', 'formaction', 'id'].filter((name) => active.hasAttribute(name));
  const same = names?.length ? names.map((name) => `[${name}="${CSS.escape(active.getAttribute(name))}"]`).join('') : null;
  region.innerHTML = html;
  if (marked) document.getElementById(marked)?.setAttribute('aria-current', 'true');
  if (same) region.querySelector(same)?.focus({ preventScroll: true });
  const after = before === undefined ? undefined : top();
  if (after !== undefined) scrollBy(0, after - before);
};

const show = (stale, last) => {
  if (stale) document.body.dataset.state = 'stale';
  else if (document.body.dataset.state === 'stale') delete document.body.dataset.state;
  for (const place of document.querySelectorAll('[data-since]')) {
    place.textContent = `Last news ${new Date(last).toLocaleTimeString([], { hour12: false })}, ${Math.round((Date.now() - last) / 1000)} s ago.`;
  }
};

// The server's time in the zone of the page: a clock that stands still when the line is lost.
const tell = (date) => {
  for (const clock of document.querySelectorAll('[data-clock]')) {
    clock.textContent = new Date(date).toLocaleTimeString('en-GB', { timeZone: clock.dataset.clock, hour: '2-digit', minute: '2-digit' });
  }
};

for (const region of document.querySelectorAll('[data-live]')) keepLive(region);
