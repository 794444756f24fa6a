// What the carrier is doing, line by line.
import { $, clock } from './dom.js';

const build = (name, className, words, lang) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = words;
  if (lang) made.lang = lang;
  return made;
};

const write = (entry) => {
  const line = $('[data-row]').content.cloneNode(true).firstElementChild;
  $('time', line).textContent = clock(entry.at);
  $('.verb', line).textContent = entry.verb;
  $('use', line).setAttribute('href', `/look/icons.svg#${entry.sign}`);
  $('b', line).textContent = entry.prompt ? `Plays ${entry.prompt.replaceAll(/[_.]/g, ' ')}` : entry.says;
  $('p', line).textContent = entry.detail ?? '';
  if (entry.placeholder) $('b', line).after(' ', build('span', 'tag tag--dash', 'rehearsal voice'));
  if (entry.words) {
    const heard = build('div', 'heard', '');
    heard.append(build('p', '', entry.words, entry.language));
    if (entry.meaning && entry.language !== 'en') heard.append(build('p', 'small mute', entry.meaning));
    $('p', line).replaceWith(heard);
  }
  return line;
};

const waitsFor = ({ for: what, seconds }) => {
  if (what === 'key') return `waits for a key, ${seconds} s`;
  return what === 'voice' ? 'listens: speak now' : '';
};

export const openLog = (root) => {
  const list = $('[data-log]', root), waits = $('[data-waits]', root);
  let shown = 0;
  return {
    clear: () => { list.replaceChildren(); shown = 0; },
    // The entries that are new.
    show: (state) => {
      const added = state.log.slice(shown);
      shown += added.length;
      list.append(...added.map(write));
      for (const line of list.children) line.classList.toggle('now', !state.over && line === list.lastElementChild);
      if (added.length) list.scrollTop = list.scrollHeight;
      waits.textContent = waitsFor(state.waits);
      waits.hidden = !waits.textContent;
      return added;
    },
  };
};
