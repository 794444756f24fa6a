// What a phone plays, one sound after the other.
export const openEar = (audio) => {
  const queue = [];
  const next = () => {
    if (!audio.paused || !queue.length) return;
    audio.src = `/phone/api/sounds/${queue.shift()}.wav`;
    audio.play().catch(() => {}); // a browser may refuse until somebody has clicked
  };
  audio.addEventListener('ended', next);
  return {
    play: (sound) => { queue.push(sound); next(); },
    silence: () => { queue.length = 0; audio.pause(); },
    mute: (on) => { audio.muted = on; },
  };
};
