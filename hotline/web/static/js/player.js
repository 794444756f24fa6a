// The waveform player: wavesurfer with peaks from the server, so nothing is decoded here.
import WaveSurfer from '../lib/wavesurfer.esm.js';

const said = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The policy of our pages blocks a style element in the player's shadow root: hand the same text over as a sheet.
const adoptStyles = (host) => {
  const root = [...host.children].map((child) => child.shadowRoot).find(Boolean);
  const style = root?.querySelector('style');
  if (!style) return;
  const adopted = new CSSStyleSheet();
  adopted.replaceSync(style.textContent);
  root.adoptedStyleSheets = [adopted];
};

// Returns what the keys and the text need: play, pause, where, go, speed. `onUse` hears of playing and seeking.
export const openPlayer = (panel, onUse) => {
  const wave = panel.querySelector('[data-wave]');
  const seconds = Number(panel.dataset.seconds);
  const flat = JSON.parse(panel.dataset.peaks);
  const surfer = WaveSurfer.create({
    container: wave, url: panel.dataset.audio, duration: seconds, height: 72, normalize: true,
    peaks: [flat.map((value) => value / 100)], waveColor: colour('--wave'), progressColor: colour('--wave-played'),
    cursorColor: colour('--danger'), barWidth: 3, barGap: 2, dragToSeek: true,
  });
  adoptStyles(wave);
  const clock = panel.querySelector('[data-clock]');
  const play = panel.querySelector('[data-act="play"]');
  let loop = null;

  const show = () => {
    const at = surfer.getCurrentTime();
    clock.textContent = said(at);
    wave.setAttribute('aria-valuenow', String(Math.round(at)));
    wave.setAttribute('aria-valuetext', `${said(at)} of ${said(seconds)}`);
    if (loop && at >= loop.end && surfer.isPlaying()) surfer.setTime(loop.begin);
  };
  const label = () => {
    play.querySelector('span').textContent = surfer.isPlaying() ? 'Pause' : 'Play';
    play.querySelector('use').setAttribute('href', play.querySelector('use').getAttribute('href').replace(/#.*/, surfer.isPlaying() ? '#pause' : '#play'));
  };
  surfer.on('timeupdate', show);
  surfer.on('play', () => { label(); onUse(); });
  surfer.on('pause', label);
  surfer.on('finish', label);
  surfer.on('interaction', onUse);

  const player = {
    where: () => surfer.getCurrentTime(),
    go: (to) => { surfer.setTime(Math.min(seconds, Math.max(0, to))); onUse(); },
    back: (by = 3) => player.go(surfer.getCurrentTime() - by),
    toggle: () => {
      if (surfer.isPlaying()) { surfer.pause(); surfer.setTime(Math.max(0, surfer.getCurrentTime() - 3)); } else surfer.play();
    },
    playFrom: (at) => { player.go(at); surfer.play(); },
    speed: (rate) => {
      surfer.setPlaybackRate(rate, true);
      for (const button of panel.querySelectorAll('[data-speed]')) button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === rate));
    },
    faster: (steps) => {
      const speeds = [...panel.querySelectorAll('[data-speed]')].map((button) => Number(button.dataset.speed));
      const at = speeds.indexOf(surfer.getPlaybackRate());
      player.speed(speeds[Math.min(speeds.length - 1, Math.max(0, at + steps))]);
    },
    loop: (begin, end) => {
      loop = loop ? null : { begin, end: end ?? seconds };
      panel.querySelector('[data-act="loop"]').setAttribute('aria-pressed', String(Boolean(loop)));
      if (loop) player.playFrom(begin);
    },
  };
  panel.querySelector('[data-act="back"]').addEventListener('click', () => player.back());
  play.addEventListener('click', player.toggle);
  for (const button of panel.querySelectorAll('[data-speed]')) button.addEventListener('click', () => player.speed(Number(button.dataset.speed)));
  panel.querySelector('[data-volume]').addEventListener('input', (event) => surfer.setVolume(Number(event.target.value) / 100));
  wave.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -3, ArrowRight: 3 }[event.key];
    if (by) { event.preventDefault(); player.go(surfer.getCurrentTime() + by); }
  });
  return player;
};
