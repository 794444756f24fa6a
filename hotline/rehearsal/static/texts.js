// The texts of one phone: both ways, and a new one.
import { $, post } from './dom.js';
import { measure } from './segments.js';

const SCRIPTS = [[/[\u1000-\u109f]/, 'my'], [/[\u0e00-\u0e7f]/, 'th'], [/[\u0900-\u097f]/, 'ne'], [/[\u1780-\u17ff]/, 'km'], [/[\u0e80-\u0eff]/, 'lo'], [/[\u0980-\u09ff]/, 'bn']];

const files = (count) => (count ? `${count} file${count === 1 ? '' : 's'}` : '');
const foot = (text) => {
  const at = new Date(text.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  const { segments } = measure(text.body), size = [`${segments} text${segments === 1 ? '' : 's'}`, files(text.media)].filter(Boolean).join(' with ');
  if (text.mine) return `You, ${at}, ${size}${text.status === 'failed' ? ', not delivered' : ''}`;
  return `${text.by_carrier ? 'The carrier' : 'Hotline'}, ${at}, ${size}, ${text.status}`;
};
const build = (text) => {
  const bubble = document.createElement('div'), words = document.createElement('p');
  bubble.className = text.mine ? 'bubble' : 'bubble bubble--out';
  bubble.dataset.sid = text.sid;
  words.className = 'as-typed';
  words.textContent = text.body;
  words.lang = SCRIPTS.find(([script]) => script.test(text.body))?.[1] ?? '';
  bubble.append(words, document.createElement('footer'));
  return bubble;
};

// `send` says what goes with a text: from, to. `sent` is called when one is on its way.
export const openTexts = (root, fields, sent) => {
  const thread = $('[data-thread]', root), form = $('[data-text]', root), area = $('textarea', form), wrong = $('[data-wrong]', form);
  const count = () => Object.entries(measure(area.value)).forEach(([name, value]) => { $(`[data-${name}]`, form).textContent = value; });
  area.addEventListener('input', count);
  const chosen = $('[data-files]', form);
  const attached = () => { $('[data-attached]', form).textContent = files(chosen.files.length); };
  $('[data-act="attach"]', form).addEventListener('click', () => chosen.click());
  chosen.addEventListener('change', attached);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!area.value.trim() && !chosen.files.length) return;
    const sending = new FormData();
    for (const [name, value] of Object.entries({ ...fields(), body: area.value })) sending.append(name, value);
    for (const file of chosen.files) sending.append('file', file);
    const answer = await post('/phone/api/texts', {}, sending);
    wrong.textContent = answer.ok ? '' : (await answer.json()).why;
    if (answer.ok) { area.value = ''; chosen.value = ''; count(); attached(); }
    sent();
  });
  // Only what is new is added, so that a screen reader says nothing twice.
  const show = (texts) => {
    const here = new Map([...thread.children].map((bubble) => [bubble.dataset.sid, bubble]));
    for (const text of texts) {
      const bubble = here.get(text.sid) ?? thread.appendChild(build(text)), words = foot(text);
      if ($('footer', bubble).textContent !== words) $('footer', bubble).textContent = words;
      if (!here.delete(text.sid)) thread.scrollTop = thread.scrollHeight;
    }
    here.forEach((bubble) => bubble.remove());
  };
  return { show };
};
