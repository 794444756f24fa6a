// The waveform player: wavesurfer with peaks from the server, so nothing is decoded here.
import WaveSurfer from '../lib/wavesurfer.esm.js';
import { said } from './lines.js';

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The policy of our pages blocks a style element in the player's shadow root. So it is made outside the page, its
// style handed over as a sheet, and only then shown.
const adoptStyles = (host) => {
  const root = [...host.children].map((child) => child.shadowRoot).find(Boolean);
  const style = root.querySelector('style');
  const adopted = new CSSStyleSheet();
  adopted.replaceSync(style.textContent);
  root.adoptedStyleSheets = [adopted];
  style.remove();
};

// The beginnings of lines, and the loop, drawn over the waveform.
const drawOver = (wave, seconds) => {
  const svg = (name, attributes) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const sheet = svg('svg', { class: 'over', viewBox: '0 0 1000 72', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const at = (time) => (time / seconds) * 1000;
  wave.prepend(sheet); // behind the waveform
  let pins = [], loop = null;
  return (given) => {
    ({ pins, loop } = { pins, loop, ...given });
    sheet.replaceChildren(
      ...(loop ? [svg('rect', { class: 'loop', x: at(loop.begin), width: at(loop.end) - at(loop.begin), y: 0, height: 72 })] : []),
      ...pins.map((time) => svg('path', { class: 'pin', d: `M${at(time) - 4} 0h8l-4 7z` })),
    );
  };
};

// Returns what the keys and the text need: play, pause, where, go, speed. `onUse` hears of playing and seeking.
export const openPlayer = (panel, onUse) => {
  const wave = panel.querySelector('[data-wave]');
  const seconds = Number(panel.dataset.seconds);
  const flat = JSON.parse(panel.dataset.peaks);
  const host = document.createElement('div');
  const surfer = WaveSurfer.create({
    container: host, url: panel.dataset.audio, duration: seconds, height: 72, normalize: true,
    peaks: [flat.map((value) => value / 100)], waveColor: colour('--wave'), progressColor: colour('--wave-played'),
    cursorColor: colour('--danger'), barWidth: 3, barGap: 2, dragToSeek: true,
  });
  adoptStyles(host);
  wave.append(host);
  const clock = panel.querySelector('[data-clock]');
  const play = panel.querySelector('[data-act="play"]');
  const looping = panel.querySelector('[data-act="loop"]');
  const over = drawOver(wave, seconds);
  let loop = null;

  const media = surfer.getMediaElement();
  // Seeks go to the media itself: wavesurfer drops those that come while another is on its way.
  let aim = 0;
  const where = () => (media.seeking ? aim : surfer.getCurrentTime());

  const show = () => {
    const at = where();
    clock.textContent = said(at);
    wave.setAttribute('aria-valuenow', String(Math.round(at)));
    wave.setAttribute('aria-valuetext', `${said(at)} of ${said(Math.round(seconds))}`);
    if (loop && at >= loop.end && surfer.isPlaying()) player.go(loop.begin);
  };
  const label = () => {
    play.querySelector('span').textContent = surfer.isPlaying() ? 'Pause' : 'Play';
    play.querySelector('use').setAttribute('href', play.querySelector('use').getAttribute('href').replace(/#.*/, surfer.isPlaying() ? '#pause' : '#play'));
  };
  surfer.on('timeupdate', show);
  surfer.on('play', () => { label(); onUse(); });
  surfer.on('pause', label);
  surfer.on('finish', () => { if (loop) player.playFrom(loop.begin); else label(); });
  surfer.on('interaction', (to) => { aim = to; onUse(); });

  const player = {
    where,
    go: (to) => { aim = Math.min(seconds, Math.max(0, to)); media.currentTime = aim; show(); onUse(); },
    back: (by = 3) => player.go(where() - by),
    toggle: () => {
      if (surfer.isPlaying()) { surfer.pause(); player.back(); } else surfer.play();
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
      over({ loop });
      looping.setAttribute('aria-pressed', String(Boolean(loop)));
      looping.querySelector('span').textContent = loop ? `Loop ${said(loop.begin)}–${said(loop.end)}` : 'Loop line';
      if (loop) player.playFrom(begin);
    },
    pin: (times) => over({ pins: times }),
  };
  panel.querySelector('[data-act="back"]').addEventListener('click', () => player.back());
  play.addEventListener('click', player.toggle);
  for (const button of panel.querySelectorAll('[data-speed]')) button.addEventListener('click', () => player.speed(Number(button.dataset.speed)));
  panel.querySelector('[data-volume]').addEventListener('input', (event) => surfer.setVolume(Number(event.target.value) / 100));
  wave.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -3, ArrowRight: 3 }[event.key];
    if (by) { event.preventDefault(); player.go(where() + by); }
  });
  return player;
};
