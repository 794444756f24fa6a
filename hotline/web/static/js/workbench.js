// The workbench: lines of a transcript, the player, the keys (as in oTranscribe where it has one).
import { keepDraft } from './drafts.js';
import { openPlayer } from './player.js';

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const said = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

const segs = $('[data-segments]');
const saved = $('[data-saved]');
const lines = () => $$('.seg', segs);
const read = () => lines().map((line) => {
  const [spoken, meaning] = $$('textarea', line);
  return { at: Number(line.dataset.at), spoken: spoken.value, meaning: meaning.value };
});

let other = null; // the version that another window saved
const show = (state, told = {}) => {
  $('[data-offline]').hidden = state !== 'kept' && state !== 'out';
  $('[data-conflict]').hidden = state !== 'conflict';
  $('[data-lost]').hidden = state !== 'lost';
  saved.classList.toggle('c-late', !['saved', 'saving'].includes(state));
  saved.textContent = {
    saving: 'Saving…', saved: `Saved ${told.saved_at}, version ${told.version}`, kept: 'Kept here, not yet sent',
    out: 'Kept here: sign in again in another window',
    conflict: 'Two versions', lost: 'Kept here, not yours any more',
  }[state];
  if (told.until) $('[data-until]').textContent = told.until;
  if (state === 'conflict') {
    other = told;
    $('[data-conflict-at]').textContent = ` at ${told.saved_at}`;
    $('[data-other]').replaceChildren(...told.segments.map((line) => {
      const row = document.createElement('p');
      row.lang = segs.dataset.spoken;
      row.textContent = `${said(line.at)}  ${line.spoken}  ${line.meaning}`;
      return row;
    }));
  }
};
const draft = keepDraft(segs, read, show);

// The claim lasts from the last playing or seeking; told at most every 20 s.
let touched = 0;
const touch = async () => {
  if (Date.now() - touched < 20000) return;
  touched = Date.now();
  try {
    const answer = await fetch(segs.dataset.touch, { method: 'POST', headers: { 'X-CSRFToken': document.body.dataset.csrf } });
    if (answer.ok) $('[data-until]').textContent = (await answer.json()).until;
  } catch { /* saving tells when the line is gone */ }
};
const panel = $('[data-audio]');
const player = panel ? openPlayer(panel, touch) : null;

const grow = (area) => { area.style.height = 'auto'; area.style.height = `${area.scrollHeight}px`; };
const lineOf = (element) => element?.closest?.('.seg');
let now = lines()[0];
const enter = (line) => {
  now?.classList.remove('seg--now');
  now = line;
  now.classList.add('seg--now');
};
const endOf = (line) => {
  const after = lines()[lines().indexOf(line) + 1];
  return after ? Number(after.dataset.at) : undefined;
};
const addLine = (at, spoken = '', meaning = '') => {
  const line = lines()[0].cloneNode(true);
  line.dataset.at = String(at);
  line.classList.remove('seg--now');
  $('.stamp', line).textContent = said(at);
  $$('textarea', line).forEach((area, index) => {
    area.value = index ? meaning : spoken;
    area.setAttribute('aria-label', `${index ? 'Meaning' : 'As spoken'}, from ${said(at)}`);
  });
  const before = lines().filter((one) => Number(one.dataset.at) <= at).at(-1);
  before ? before.after(line) : segs.append(line);
  return line;
};
const newLine = () => {
  const line = addLine(Math.round((player?.where() ?? 0) * 10) / 10);
  $('textarea', line).focus();
  draft.changed();
};
const mark = (word) => {
  const area = document.activeElement?.tagName === 'TEXTAREA' ? document.activeElement : $('textarea', now);
  area.focus();
  area.setRangeText(`[${word}]`, area.selectionStart, area.selectionEnd, 'end');
  draft.changed();
};

segs.addEventListener('input', (event) => { grow(event.target); draft.changed(); });
segs.addEventListener('focusin', (event) => { if (lineOf(event.target)) enter(lineOf(event.target)); });
segs.addEventListener('click', (event) => { if (event.target.closest('.stamp')) player?.playFrom(Number(lineOf(event.target).dataset.at)); });
$$('textarea', segs).forEach(grow);
for (const button of $$('[data-mark]')) button.addEventListener('click', () => mark(button.dataset.mark));
$('[data-act="new-line"]').addEventListener('click', newLine);
$('[data-act="loop"]')?.addEventListener('click', () => player.loop(Number(now.dataset.at), endOf(now)));
$('[data-act="keep-mine"]').addEventListener('click', () => draft.resolve(other.version));
$('[data-act="keep-other"]').addEventListener('click', () => {
  const [first, ...rest] = lines();
  rest.forEach((line) => line.remove());
  other.segments.forEach((line) => addLine(line.at, line.spoken, line.meaning));
  if (other.segments.length) first.remove();
  draft.resolve(other.version);
});

// Hand in only what is saved.
const form = $('[data-handin]');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  draft.changed();
  if (await draft.settle()) form.submit();
});

document.addEventListener('keydown', (event) => {
  if (event.isComposing || $('dialog[open]')) return;
  if (event.ctrlKey && event.key === 'Enter') { event.preventDefault(); form.requestSubmit(); return; }
  if (event.altKey && /^[1-5]$/.test(event.key)) {
    event.preventDefault();
    if (event.key === '5') newLine(); else mark(['unclear', 'together', 'other language', 'name'][Number(event.key) - 1]);
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || !player) return;
  const act = {
    Escape: player.toggle, F1: () => player.back(), F2: () => player.back(-3), F3: () => player.faster(-1), F4: () => player.faster(1),
    F8: () => player.playFrom(Number(now.dataset.at)), F9: () => player.loop(Number(now.dataset.at), endOf(now)),
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
