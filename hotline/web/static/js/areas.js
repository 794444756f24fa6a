// Areas that other places of the chosen country are in are offered to who writes one (directory/_form.html).
for (const area of document.querySelectorAll('[data-areas]')) {
  const country = area.form.elements.country;
  country.addEventListener('change', () => area.setAttribute('list', `areas-${country.value}`));
}
