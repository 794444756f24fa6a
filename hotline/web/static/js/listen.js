// A recording to be heard again, without anything to write.
import { openPlayer } from './player.js';

openPlayer(document.querySelector('[data-audio]'), () => {});
