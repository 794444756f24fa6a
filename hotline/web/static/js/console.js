// What every console page does: the sheet of keys, going by keys, lists by j and k.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const typing = (event) => event.target.closest('input, textarea, select, [contenteditable]');

const sheet = $('#keys');
const openSheet = () => { if (sheet && !sheet.open) sheet.showModal(); };
for (const button of $$('[data-sheet]')) button.addEventListener('click', openSheet);

// The theme's button leads back here.
for (const form of $$('form[action$="/me/theme"]')) {
  const back = document.createElement('input');
  Object.assign(back, { type: 'hidden', name: 'back', value: location.pathname + location.search });
  form.append(back);
}

// Lists: the current row is the one whose link has the focus, or had it last.
const rows = () => $$('[data-list] li[data-row]');
const current = () => rows().findIndex((row) => row.getAttribute('aria-current') === 'true');
const go = (to) => {
  const all = rows();
  if (!all.length) return;
  const at = Math.min(all.length - 1, Math.max(0, to));
  all.forEach((row, index) => (index === at ? row.setAttribute('aria-current', 'true') : row.removeAttribute('aria-current')));
  $('h3 a', all[at])?.focus();
};

let leading = 0; // when g was pressed
document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || typing(event) || sheet?.open) return;
  if (Date.now() - leading < 1500) {
    leading = 0;
    const link = $(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); return; }
  }
  const act = {
    '?': openSheet,
    '/': () => $('#find')?.focus(),
    g: () => { leading = Date.now(); },
    j: () => go(current() + 1),
    k: () => go(current() - 1),
    n: () => $('[data-key="n"]')?.click(),
    r: () => $('[data-key="r"]')?.click(),
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
