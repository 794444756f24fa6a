// Saves what is typed, a second after the last key. What cannot be saved stays in the page, and the page says so;
// nothing is ever written to this computer's disk.
const WAIT = 1000, AGAIN = 4000;

// Who signed in again in another window goes on here with that window's token.
const renew = async () => {
  const answer = await fetch('/me/token', { headers: { 'X-Requested-With': 'live' } });
  if (!answer.ok) return;
  document.body.dataset.csrf = await answer.text();
  for (const field of document.querySelectorAll('[name="csrf_token"]')) field.value = document.body.dataset.csrf;
};

export const keepDraft = (segs, read, show) => {
  let version = Number(segs.dataset.version), dirty = false, saving = false, timer = null, stuck = null;

  const save = async () => {
    if (saving || !dirty || stuck) return;
    saving = true; dirty = false;
    show('saving');
    try {
      const answer = await fetch(segs.dataset.save, {
        method: 'POST', signal: AbortSignal.timeout(10000),
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': document.body.dataset.csrf, 'X-Requested-With': 'live' },
        body: JSON.stringify({ version, segments: read() }),
      });
      const said = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : {};
      if (answer.ok) {
        version = said.version;
        show('saved', said);
      } else {
        dirty = true;
        if (answer.status === 409) { stuck = said.why; show(said.why === 'two versions' ? 'conflict' : 'lost', said); }
        else {
          show(answer.status === 401 ? 'out' : 'kept');
          if (answer.status === 400 || answer.status === 401) await renew();
          schedule(AGAIN);
        }
      }
    } catch {
      dirty = true; show('kept'); schedule(AGAIN);
    } finally { saving = false; if (dirty && !stuck && !timer) schedule(WAIT); }
  };
  const schedule = (wait) => { clearTimeout(timer); timer = setTimeout(() => { timer = null; save(); }, wait); };

  addEventListener('online', () => schedule(0));
  addEventListener('beforeunload', (event) => { if (dirty || saving) event.preventDefault(); });
  return {
    changed: () => { dirty = true; schedule(WAIT); },
    // Save now and wait for it; false where it could not be saved.
    settle: async () => {
      clearTimeout(timer); timer = null;
      for (let tries = 0; (dirty || saving) && !stuck && tries < 40; tries += 1) {
        await save();
        if (dirty || saving) await new Promise((done) => { setTimeout(done, 100); });
      }
      return !dirty && !stuck;
    },
    version: () => version,
    // After a choice between two versions, go on from the other's number.
    resolve: (other) => { version = other; stuck = null; dirty = true; schedule(0); },
  };
};
