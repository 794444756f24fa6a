// The number of a phone: it stands on it, and may be changed while nobody talks there.
import { $ } from './dom.js';

// Where mobile phones of the line's country have theirs.
export const makeNumber = () => `+6681${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;

export const openNumber = (root, first, isTaken, say, changed) => {
  const input = $('[data-act="mine"]', root);
  let number = first;
  input.value = number;
  input.addEventListener('change', () => {
    const wanted = input.value.replaceAll(/[\s()-]/g, '');
    if (!/^\+\d{5,15}$/.test(wanted)) say('A number begins with + and the country');
    else if (wanted !== number && isTaken(wanted)) say('Another phone here has that number');
    else number = wanted;
    input.value = number;
    changed();
  });
  return () => number;
};
