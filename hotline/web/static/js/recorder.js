// Records with the microphone of this machine, and sends it as a file would be sent (parts/recorder.html).
const form = document.querySelector('[data-recorder]');
const LONGEST = 120; // seconds, as the server takes them

const clockOf = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

const record = async (state, tick) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, autoGainControl: false } });
  const recorder = new MediaRecorder(stream), parts = [], began = Date.now();
  const timer = setInterval(() => {
    const seconds = (Date.now() - began) / 1000;
    tick(seconds);
    if (seconds >= LONGEST) recorder.stop();
  }, 200);
  recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
  const over = new Promise((resolve) => recorder.addEventListener('stop', () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    resolve(new Blob(parts, { type: recorder.mimeType }));
  }));
  recorder.start();
  state('Recording …');
  return { stop: () => recorder.state !== 'inactive' && recorder.stop(), over };
};

if (form && navigator.mediaDevices && window.MediaRecorder) {
  const box = form.querySelector('[data-box]'), button = form.querySelector('[data-record]');
  const word = button.querySelector('span'), clock = form.querySelector('[data-clock]');
  const state = (said) => { form.querySelector('[data-state]').textContent = said; };
  const file = form.querySelector('[type="file"]');
  let running = null;
  box.hidden = false;
  button.addEventListener('click', async () => {
    if (running) { running.stop(); return; }
    try {
      running = await record(state, (seconds) => { clock.textContent = clockOf(seconds); });
    } catch {
      state('This browser gives no microphone to this page; a file can be uploaded.');
      return;
    }
    word.textContent = 'Stop';
    const sound = await running.over;
    running = null;
    word.textContent = 'Record';
    state('Sending …');
    const given = new DataTransfer();
    given.items.add(new File([sound], 'recording'));
    file.files = given.files;
    const how = document.createElement('input');
    Object.assign(how, { type: 'hidden', name: 'how', value: 'browser' });
    form.append(how);
    form.submit();
  });
}
