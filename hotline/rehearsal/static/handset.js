// One phone: it calls, rings, presses keys, and shows what becomes of its call.
import { follow, modeOf, nameState } from './call.js';
import { $, $$, clock, pass, post } from './dom.js';
import { openEar } from './ear.js';
import { openLog } from './log.js';
import { openMicrophone } from './microphone.js';

// What may be used: while idle, while talking, while it rings.
const USES = { idle: ['call', 'ring', 'mine', 'withheld'], talks: ['hang-up', 'speak', 'file'], rings: ['answer', 'decline'] };
const SEEN = 600; // milliseconds that the end of a call stands there
const NEXT = { idle: 'call', talks: 'hang-up' }; // where the focus goes when what had it cannot be used any more

export const openHandset = (root, fields) => {
  const act = (name) => $(`[data-act="${name}"]`, root);
  const log = openLog(root), ear = openEar($('[data-ear]', root));
  let call = null, last = null, mode = 'idle', began = null, attended = Promise.resolve();

  const say = (words) => { const place = $('[data-state-word]', root); if (place.textContent !== words) place.textContent = words; };
  const microphone = openMicrophone(root, () => call, ear.silence, say);
  const tick = () => { $('[data-clock]', root).textContent = began === null ? '' : `, ${clock((performance.now() - began) / 1000)}`; };
  setInterval(tick, 1000);

  const use = (wanted) => {
    const had = root.contains(document.activeElement) ? document.activeElement : null;
    mode = wanted;
    for (const [when, names] of Object.entries(USES)) for (const name of names) act(name).disabled = when !== mode;
    $('[data-when="rings"]', root).hidden = mode !== 'rings';
    $('[data-when="talks"]', root).hidden = mode === 'rings';
    root.toggleAttribute('data-rings', mode === 'rings');
    if (had?.disabled && NEXT[mode]) act(NEXT[mode]).focus();
  };
  const show = (state) => {
    for (const entry of log.show(state)) if (entry.sound) ear.play(entry.sound);
    use(modeOf(state));
    say(nameState(state));
    began = mode === 'talks' ? performance.now() - state.seconds * 1000 : null;
    tick();
    if (!state.over) return;
    call = null;
    ear.silence();
    microphone.stop();
  };
  const attend = async (sid) => {
    call = sid;
    ear.silence();
    log.clear();
    $('[data-pressed]', root).textContent = '';
    await follow(sid, show);
    await pass(SEEN);
  };
  // A call is at this phone: it has been dialled here, or rings here. How the one before it ended is told first.
  const take = (sid) => {
    if (!sid || sid === last) return;
    last = sid;
    attended = attended.then(() => attend(sid));
  };
  const dial = async (more = {}) => {
    use('talks');
    say('Calling');
    const answer = await post('/phone/api/calls', { ...fields(), withheld: act('withheld').checked ? '1' : '', ...more });
    const said = await answer.json();
    if (answer.ok) return take(said.sid);
    use('idle');
    say(said.why);
  };
  const inCall = (what, more) => call && post(`/phone/api/calls/${call}/${what}`, more);
  const press = async (key) => {
    if (mode !== 'talks' || !call) return;
    await microphone.stop();
    $('[data-pressed]', root).textContent += ` ${key}`;
    ear.silence();
    inCall('keys', { keys: key });
  };
  const hangUp = async () => { await microphone.stop(); inCall('hang-up'); };

  act('call').addEventListener('click', () => dial());
  act('ring').addEventListener('click', () => dial({ keys: '', hang_up: 'ring' }));
  act('hang-up').addEventListener('click', hangUp);
  act('decline').addEventListener('click', hangUp);
  act('answer').addEventListener('click', () => inCall('answer'));
  for (const button of $$('[data-key]', root)) button.addEventListener('click', () => press(button.dataset.key));
  use('idle');
  return { take, press, say, hangUp, mute: ear.mute, rings: () => mode === 'rings' };
};
