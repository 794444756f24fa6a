// The telephone: dials, shows and plays what the carrier does, presses keys, speaks, texts.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const post = (path, fields = {}, body) => fetch(path, { method: 'POST', body: body ?? new URLSearchParams(fields) });
const said = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

let call = null, version = -1, shown = 0, heard = 0, recorder = null;
const stranger = `+6681${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
const caller = () => ($('#caller').value === 'new' ? stranger : $('#caller').value);
const withheld = () => caller() === '+266696687';
const showCaller = () => $$('[data-caller]').forEach((place) => { place.textContent = withheld() ? 'number withheld' : caller(); });
$('#caller').addEventListener('change', () => { showCaller(); showThread(); });
showCaller();

// ── the call ──
const ear = $('[data-ear]');
const queue = [];
const listen = () => { if (ear.paused && queue.length) { ear.src = queue.shift(); ear.play().catch(() => {}); } };
ear.addEventListener('ended', listen);

const dial = async () => {
  queue.length = 0; ear.pause();
  const answer = await post('/phone/api/calls', { from: caller(), to: $('#to').value.trim() });
  if (!answer.ok) { $('[data-state-word]').textContent = (await answer.json()).why; return; }
  call = (await answer.json()).sid;
  [version, shown, heard] = [-1, 0, 0];
  $('[data-log]').replaceChildren();
  $('[data-pressed]').textContent = '';
  use(true);
  watch(call);
};
const use = (on) => {
  $('[data-act="call"]').disabled = on;
  $('[data-act="ring"]').disabled = on;
  for (const act of ['hang-up', 'speak', 'file']) $(`[data-act="${act}"]`).disabled = !on;
};
const watch = async (sid) => {
  while (call === sid) {
    const answer = await fetch(`/phone/api/calls/${sid}?version=${version}`).catch(() => null);
    if (answer?.status === 200) show(await answer.json());
    await new Promise((done) => { setTimeout(done, 250); });
  }
};
const show = (state) => {
  version = state.version;
  for (const entry of state.log.slice(shown)) $('[data-log]').append(row(entry));
  for (const entry of state.log.slice(heard)) if (entry.sound) queue.push(`/phone/api/sounds/${entry.sound}.wav`);
  [shown, heard] = [state.log.length, state.log.length];
  if (state.waits.for !== 'key') listen();
  listen();
  const waits = $('[data-waits]');
  waits.hidden = !state.waits.for;
  waits.textContent = state.waits.for === 'key' ? `waits for a key, ${state.waits.seconds} s` : state.waits.for === 'voice' ? 'listens: speak now' : '';
  $$('.does li').forEach((line, index, all) => line.classList.toggle('now', index === all.length - 1 && state.status !== 'completed'));
  $('[data-state-word]').textContent = state.status === 'completed' ? 'Call ended' : `On the line, ${said(state.seconds)}`;
  if (state.status === 'completed') { call = null; ear.pause(); queue.length = 0; use(false); recorder?.stop(); showThread(); }
};
const row = (entry) => {
  const line = $('[data-row]').content.cloneNode(true).firstElementChild;
  $('time', line).textContent = said(entry.at);
  $('.verb', line).textContent = entry.verb;
  $('use', line).setAttribute('href', `/look/icons.svg#${entry.sign}`);
  $('b', line).textContent = entry.prompt ? `Plays ${entry.prompt.replaceAll('_', ' ').replaceAll('.', ' ')}` : entry.says;
  $('p', line).textContent = entry.detail ?? '';
  if (entry.placeholder) {
    const tag = document.createElement('span');
    tag.className = 'tag tag--dash';
    tag.textContent = 'rehearsal voice';
    $('b', line).after(' ', tag);
  }
  if (entry.words) {
    const words = document.createElement('div');
    words.className = 'heard';
    const spoken = document.createElement('p');
    spoken.lang = entry.language;
    spoken.textContent = entry.words;
    words.append(spoken);
    if (entry.meaning && entry.language !== 'en') {
      const meaning = document.createElement('p');
      meaning.className = 'small mute';
      meaning.textContent = entry.meaning;
      words.append(meaning);
    }
    $('p', line).replaceWith(words);
  }
  return line;
};
const press = (key) => {
  if (!call) return;
  $('[data-pressed]').textContent += ` ${key}`;
  queue.length = 0; ear.pause();
  post(`/phone/api/calls/${call}/keys`, { keys: key });
};
const hangUp = () => { if (call) post(`/phone/api/calls/${call}/hang-up`); };

$('[data-act="call"]').addEventListener('click', dial);
$('[data-act="hang-up"]').addEventListener('click', async () => { if (recorder) { await stopSpeaking(); } hangUp(); });
$('[data-act="ring"]').addEventListener('click', async () => { await dial(); setTimeout(hangUp, 300); });
for (const button of $$('[data-key]')) button.addEventListener('click', async () => { if (recorder) await stopSpeaking(); press(button.dataset.key); });
document.addEventListener('keydown', (event) => {
  if (!event.target.closest('input, textarea, select') && !event.ctrlKey && !event.altKey && /^[0-9*#]$/.test(event.key)) press(event.key);
});

// ── the microphone ──
const speakButton = $('[data-act="speak"]');
const stopSpeaking = () => new Promise((done) => { if (!recorder) { done(); return; } recorder.addEventListener('sent', done, { once: true }); recorder.stop(); });
speakButton.addEventListener('click', async () => {
  if (recorder) { stopSpeaking(); return; }
  const sid = call;
  let stream;
  try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { $('[data-state-word]').textContent = 'No microphone: choose a sound file'; return; }
  queue.length = 0; ear.pause();
  const parts = [], running = new MediaRecorder(stream);
  recorder = running;
  running.addEventListener('dataavailable', (event) => parts.push(event.data));
  running.addEventListener('stop', async () => {
    stream.getTracks().forEach((track) => track.stop());
    recorder = null;
    speakButton.setAttribute('aria-pressed', 'false');
    $('span', speakButton).textContent = 'Speak';
    await post(`/phone/api/calls/${sid}/sound`, {}, new Blob(parts));
    running.dispatchEvent(new Event('sent'));
  });
  await post(`/phone/api/calls/${sid}/talking`, { on: '1' });
  running.start();
  speakButton.setAttribute('aria-pressed', 'true');
  $('span', speakButton).textContent = 'Stop';
});
$('[data-act="file"]').addEventListener('click', () => $('#file').click());
$('#file').addEventListener('change', async (event) => {
  const [file] = event.target.files;
  if (!file || !call) return;
  const answer = await post(`/phone/api/calls/${call}/sound`, {}, file);
  if (!answer.ok) $('[data-state-word]').textContent = (await answer.json()).why;
  event.target.value = '';
});

// ── faults ──
for (const box of $$('[data-fault]')) box.addEventListener('change', () => {
  const value = box.checked ? JSON.parse(box.value) : 0;
  fetch('/phone/api/faults', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ [box.dataset.fault]: value }) });
});

// ── texts ──
const showThread = async () => {
  const answer = await fetch(`/phone/api/texts?number=${encodeURIComponent(caller())}`).catch(() => null);
  if (!answer?.ok) return;
  const bubbles = (await answer.json()).texts.map((text) => {
    const bubble = document.createElement('div'), words = document.createElement('p'), foot = document.createElement('footer');
    bubble.className = text.mine ? 'bubble' : 'bubble bubble--out';
    words.textContent = text.body;
    if (/[\u1000-\u109f]/.test(text.body)) words.lang = 'my'; else if (/[\u0e00-\u0e7f]/.test(text.body)) words.lang = 'th'; else if (/[\u0900-\u097f]/.test(text.body)) words.lang = 'ne';
    const at = new Date(text.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
    foot.textContent = text.mine ? `You, ${at}` : `${text.by_carrier ? 'The carrier' : 'Hotline'}, ${at}, ${text.status}`;
    bubble.append(words, foot);
    return bubble;
  });
  $('[data-thread]').replaceChildren(...bubbles);
};
$('[data-text]').addEventListener('submit', async (event) => {
  event.preventDefault();
  const area = $('#st');
  if (!area.value.trim()) return;
  const answer = await post('/phone/api/texts', { from: caller(), to: $('#to').value.trim(), body: area.value });
  if (answer.ok) { area.value = ''; count(); }
  showThread();
});
setInterval(showThread, 2000);
showThread();

const gsm = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const twice = new Set('^{}\\[~]|€');
const count = () => {
  const signs = [...$('#st').value], narrow = signs.every((sign) => gsm.has(sign) || twice.has(sign));
  const units = narrow ? signs.reduce((sum, sign) => sum + (twice.has(sign) ? 2 : 1), 0) : $('#st').value.length;
  const [one, each] = narrow ? [160, 153] : [70, 67], segments = units > one ? Math.ceil(units / each) : Number(units > 0);
  $('[data-units]').textContent = units;
  $('[data-room]').textContent = segments > 1 ? segments * each : one;
  $('[data-segments]').textContent = segments;
  $('[data-coding]').textContent = narrow ? 'GSM-7' : 'UCS-2';
};
$('#st').addEventListener('input', count);
