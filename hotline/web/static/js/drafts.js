// Saves what is typed, a second after the last key. What cannot be saved stays in the page, and the page says so;
// nothing is ever written to this computer's disk.
const WAIT = 1000, AGAIN = 4000;

// Who signed in again in another window goes on here with that window's token. False: nobody is signed in.
const renew = async () => {
  const answer = await fetch('/me/token', { headers: { 'X-Requested-With': 'live' } });
  if (!answer.ok) return false;
  document.body.dataset.csrf = await answer.text();
  for (const field of document.querySelectorAll('[name="csrf_token"]')) field.value = document.body.dataset.csrf;
  return true;
};

export const send = (address, body) => fetch(address, {
  method: 'POST', body, signal: AbortSignal.timeout(10000),
  headers: { 'Content-Type': 'application/json', 'X-CSRFToken': document.body.dataset.csrf, 'X-Requested-With': 'live' },
});

// `read` gives the lines; `show` hears the state: saving, saved, kept, out, refused, conflict, lost.
export const keepDraft = (segs, read, show) => {
  let version = Number(segs.dataset.version), dirty = false, saving = false, timer = null, stuck = false;
  let unanswered = null; // what was sent and had no answer: sent again as it was, for it may have been saved

  const schedule = (wait) => { clearTimeout(timer); timer = setTimeout(() => { timer = null; save(); }, wait); };
  const save = async () => {
    if (saving || stuck || !(dirty || unanswered)) return;
    saving = true;
    if (!unanswered) {
      unanswered = JSON.stringify({ version, segments: read() });
      dirty = false;
    }
    show('saving');
    let wait = AGAIN;
    try {
      const answer = await send(segs.dataset.save, unanswered);
      const told = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : {};
      if (answer.ok) {
        unanswered = null;
        wait = WAIT;
        version = told.version;
        show('saved', told);
      } else if (answer.status === 409 || told.why) {
        unanswered = null;
        dirty = stuck = true;
        show({ 'two versions': 'conflict', 'not held': 'lost' }[told.why] ?? 'refused', told);
      } else {
        const unknown = answer.status === 400 || answer.status === 401; // an old token, or none
        show(unknown && !(await renew()) ? 'out' : 'kept');
      }
    } catch { show('kept'); }
    saving = false;
    if (!stuck && (dirty || unanswered) && !timer) schedule(wait);
  };
  const goOn = () => { stuck = false; dirty = true; schedule(0); };

  addEventListener('online', () => schedule(0));
  addEventListener('beforeunload', (event) => { if (dirty || unanswered) event.preventDefault(); });
  return {
    changed: () => { dirty = true; if (!stuck) schedule(WAIT); },
    // Save now and wait for it; false where it could not be saved.
    settle: async () => {
      clearTimeout(timer);
      timer = null;
      for (let tries = 0; (dirty || unanswered) && !stuck && tries < 30; tries += 1) {
        await save();
        if (dirty || unanswered) await new Promise((done) => { setTimeout(done, 100); });
      }
      return !(dirty || unanswered);
    },
    goOn,
    // After a choice between two versions, go on from the other's number.
    resolve: (other) => { version = other; goOn(); },
  };
};
