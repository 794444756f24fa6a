// Make the carrier misbehave.
import { $$ } from './dom.js';

for (const box of $$('[data-fault]')) box.addEventListener('change', () => {
  const value = box.checked ? JSON.parse(box.value) : 0;
  fetch('/phone/api/faults', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ [box.dataset.fault]: value }) });
});
