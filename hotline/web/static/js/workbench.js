// The workbench: the words, the player, the keys (as in oTranscribe where it has one).
import { keepDraft, send } from './drafts.js';
import { openLines } from './lines.js';
import { openPlayer } from './player.js';

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const segs = $('[data-segments]');
const saved = $('[data-saved]');
const STATES = { // sign, words
  saving: () => ['refresh', 'Saving…'],
  saved: (told) => ['check', `Saved ${told.saved_at}, version ${told.version}`],
  kept: () => ['offline', 'Kept here, not yet sent'],
  out: () => ['lock', 'Kept here: sign in again in another window'],
  refused: (told) => ['s-ask', `Kept here: ${told.why}`],
  conflict: () => ['s-ask', 'Two versions'],
  lost: () => ['s-late', 'Kept here, not yours any more'],
  theirs: () => ['s-late', 'Kept here: somebody else has it now'],
};
const say = (state, told) => {
  const [sign, words] = STATES[state](told);
  const use = $('use', saved);
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, `#${sign}`));
  $('[data-sign]', saved).hidden = false;
  $('[data-words]', saved).textContent = words;
  saved.classList.toggle('c-late', state !== 'saved' && state !== 'saving');
};
let other = null; // the version that another window saved
const show = (state, told = {}) => {
  $('[data-offline]').hidden = state !== 'kept' && state !== 'out';
  $('[data-conflict]').hidden = state !== 'conflict';
  $('[data-lost]').hidden = state !== 'lost';
  say(state, told);
  if (told.until) $('[data-until]').textContent = told.until;
  if (state === 'conflict') {
    other = told;
    $('[data-conflict-at]').textContent = ` at ${told.saved_at}`;
    lines.showOther(told.segments, told.saved_at);
  }
};
const lines = openLines(segs, () => { draft.changed(); player?.pin(lines.stamps()); });
const draft = keepDraft(segs, lines.read, show);

// The claim lasts from the last playing or seeking; told at most every 20 s.
let touched = 0;
const touch = async () => {
  if (Date.now() - touched < 20000) return;
  touched = Date.now();
  try {
    const answer = await send(segs.dataset.touch);
    if (answer.ok) $('[data-until]').textContent = (await answer.json()).until;
  } catch { /* saving tells when the line is gone */ }
};
const panel = $('[data-audio]');
const player = panel ? openPlayer(panel, touch) : null;
player?.pin(lines.stamps());
const loop = () => player?.loop(lines.begins(), lines.ends());
const newLine = () => lines.add(Math.round((player?.where() ?? 0) * 10) / 10);

segs.addEventListener('click', (event) => {
  const stamp = event.target.closest('.stamp');
  if (stamp) player?.playFrom(Number(stamp.closest('.seg').dataset.at));
});
for (const button of $$('[data-mark]')) {
  button.addEventListener('mousedown', (event) => event.preventDefault()); // the text keeps the focus
  button.addEventListener('click', () => lines.mark(button.dataset.mark));
}
const onClick = (act, does) => $(`[data-act="${act}"]`)?.addEventListener('click', does);
onClick('new-line', newLine);
onClick('loop', loop);
onClick('keep-mine', () => { lines.keepHere(); draft.resolve(other.version); });
onClick('keep-both', () => { lines.keepBoth(); draft.resolve(other.version); });
onClick('keep-other', () => { lines.keepOther(other.segments); draft.resolve(other.version); });
onClick('take-again', async () => {
  try {
    const answer = await send(segs.dataset.claim);
    if (answer.ok && new URL(answer.url).pathname === location.pathname) draft.goOn();
    else say('theirs');
  } catch { say('kept'); }
});

// Every form of the page leads away or draws it anew: only what is saved may go.
const form = $('[data-handin]');
for (const each of $$('main form')) {
  each.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (each === form) draft.changed(); // a recording without a word is handed in, too
    if (await draft.settle()) each.submit();
  });
}

const KEYS = {
  Escape: () => player?.toggle(), F1: () => player?.back(), F2: () => player?.back(-3),
  F3: () => player?.faster(-1), F4: () => player?.faster(1), F8: () => player?.playFrom(lines.begins()), F9: loop,
};
const MARKS = ['unclear', 'together', 'other language', 'name'];
document.addEventListener('keydown', (event) => {
  if (event.isComposing || $('dialog[open]')) return;
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  let act = plain ? KEYS[event.key] : undefined;
  if (event.ctrlKey && event.key === 'Enter') act = () => form.requestSubmit();
  // By the key's place: with Alt, other keyboards give other letters.
  const digit = event.altKey && !event.ctrlKey && /^(?:Digit|Numpad)([1-5])$/.exec(event.code)?.[1];
  if (digit) act = digit === '5' ? newLine : () => lines.mark(MARKS[Number(digit) - 1]);
  if (act) { event.preventDefault(); act(); }
});
