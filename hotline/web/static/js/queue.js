// The queue: Enter takes or opens the current row; what came since one last looked is counted.
const list = document.querySelector('[data-live]');
const count = document.querySelector('[data-new]');
const rows = () => new Set([...list.querySelectorAll('[data-row]')].map((row) => row.id));
let known = rows(), fresh = new Set();

new MutationObserver(() => {
  const now = rows();
  for (const id of now) if (!known.has(id)) fresh.add(id);
  fresh = new Set([...fresh].filter((id) => now.has(id)));
  known = now;
  count.textContent = fresh.size ? `${fresh.size} new` : '';
  for (const id of fresh) document.getElementById(id).classList.add('is-new');
}).observe(list, { childList: true });

const seen = () => { fresh.clear(); count.textContent = ''; };
list.addEventListener('focusin', seen);
list.addEventListener('pointerdown', seen);

list.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.metaKey) return;
  const take = event.target.closest('h3 a')?.closest('[data-row]').querySelector('.go [formaction]:not([data-key])');
  if (take) { event.preventDefault(); take.click(); }
});
