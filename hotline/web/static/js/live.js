// A region that keeps itself up to date: asks every 1.5 s with the version it shows, swaps only what changed.
// <section data-live="/board/now" data-version="…">; 204: nothing new; 200: new content, its version in X-Version.
// A region says since when it has had no news (data-state="stale" on the body, the time in [data-since]).
const EVERY = 1500, STALE_AFTER = 5000;

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
        swap(region, await answer.text());
        onFresh(region);
      }
      if (answer.ok) last = Date.now();
    } catch { /* the next one may get through */ }
    show(Date.now() - last > STALE_AFTER, last);
    timer = setTimeout(ask, EVERY);
  };
  timer = setTimeout(ask, EVERY);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') { clearTimeout(timer); ask(); }
  });
};

// The element that has the focus keeps it, if it is still there under its id or address.
const swap = (region, html) => {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const mark = active && (active.id ? `#${CSS.escape(active.id)}` : active.getAttribute('href') && `a[href="${CSS.escape(active.getAttribute('href'))}"]`);
  region.innerHTML = html;
  if (mark) region.querySelector(mark)?.focus({ preventScroll: true });
};

const show = (stale, last) => {
  if (stale) document.body.dataset.state = 'stale';
  else if (document.body.dataset.state === 'stale') delete document.body.dataset.state;
  for (const place of document.querySelectorAll('[data-since]')) {
    place.textContent = `Last news ${new Date(last).toLocaleTimeString([], { hour12: false })}, ${Math.round((Date.now() - last) / 1000)} s ago.`;
  }
};

for (const region of document.querySelectorAll('[data-live]')) keepLive(region);
