// How much room is left in a text of one segment. Which signs are plain, and what fits, the server says (flow/texts.py).
for (const area of document.querySelectorAll('[data-segment]')) {
  const plain = new Set(area.dataset.segment), twice = new Set(area.dataset.twice);
  const [most, mostElse] = area.dataset.fits.split(' ').map(Number);
  const told = area.form.querySelector('[data-left]');
  const count = () => {
    const signs = [...area.value.trim()], all = signs.every((sign) => plain.has(sign) || twice.has(sign));
    const left = all
      ? most - signs.reduce((sum, sign) => sum + (twice.has(sign) ? 2 : 1), 0)
      : mostElse - area.value.trim().length;
    told.textContent = left < 0 ? `${-left} too many.` : `${left} left.`;
    told.classList.toggle('c-danger', left < 0);
  };
  area.addEventListener('input', count);
  count();
}
