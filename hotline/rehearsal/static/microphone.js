// Speak into a phone: with the browser's microphone, or from a sound file.
import { $, post } from './dom.js';

// `callNow` is the call at this phone; `hush` silences what it plays; `say` shows a word.
export const openMicrophone = (root, callNow, hush, say) => {
  const button = $('[data-act="speak"]', root), file = $('[data-file]', root);
  let recorder = null;

  const show = (on) => {
    button.setAttribute('aria-pressed', String(on));
    $('span', button).textContent = on ? 'Stop' : 'Speak';
  };
  const send = async (sid, sound) => {
    const answer = await post(`/phone/api/calls/${sid}/sound`, {}, sound);
    if (!answer.ok) say((await answer.json()).why);
  };
  const start = async () => {
    const sid = callNow();
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { say('No microphone: choose a sound file'); return; }
    hush();
    const parts = [], running = new MediaRecorder(stream);
    running.sent = new Promise((done) => {
      running.addEventListener('dataavailable', (event) => parts.push(event.data));
      running.addEventListener('stop', async () => {
        stream.getTracks().forEach((track) => track.stop());
        recorder = null;
        show(false);
        await send(sid, new Blob(parts));
        done();
      });
    });
    recorder = running;
    await post(`/phone/api/calls/${sid}/talking`, { on: '1' });
    if (running.state === 'inactive') running.start();
    show(true);
  };
  // Resolves when what was said has reached the carrier.
  const stop = async () => {
    if (!recorder) return;
    const running = recorder;
    if (running.state === 'recording') running.stop();
    await running.sent;
  };

  button.addEventListener('click', () => (recorder ? stop() : start()));
  $('[data-act="file"]', root).addEventListener('click', () => file.click());
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    if (chosen && callNow()) await send(callNow(), chosen);
    file.value = '';
  });
  return { stop };
};
