// Pictures open large: by mouse or by keys, closed with Escape, the focus back where it was.
const links = [...document.querySelectorAll('[data-large]')];
const view = document.querySelector('[data-large-view]');

if (view && links.length) {
  const image = view.querySelector('img'), says = view.querySelector('[data-says]');
  const steps = [...view.querySelectorAll('[data-go-to]')];
  let at = 0;
  const show = (to) => {
    at = (to + links.length) % links.length;
    image.src = links[at].href;
    image.alt = links[at].querySelector('img').alt;
    says.textContent = links[at].dataset.says;
  };
  for (const step of steps) {
    step.hidden = links.length === 1;
    step.addEventListener('click', () => show(at + Number(step.dataset.goTo)));
  }
  links.forEach((link, index) => link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a window of its own
    event.preventDefault();
    show(index);
    view.showModal();
  }));
  view.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) { event.preventDefault(); show(at + by); }
  });
  view.addEventListener('click', (event) => { if (event.target === view) view.close(); });
  view.addEventListener('close', () => { image.removeAttribute('src'); links[at].focus(); });
}
