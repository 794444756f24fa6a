// Follow one call at the carrier until it is over; `tell` hears of every change.
import { pass } from './dom.js';

const OFTEN = 250; // milliseconds

export const follow = async (sid, tell) => {
  let state = { version: -1, over: false };
  while (!state.over) {
    const answer = await fetch(`/phone/api/calls/${sid}?version=${state.version}`).catch(() => null);
    if (answer?.status === 200) { state = await answer.json(); tell(state); }
    if (answer?.status === 404) return tell({ ...state, status: 'lost', over: true, waits: {}, log: [] }); // the carrier was started anew
    await pass(OFTEN);
  }
};

const LIVE = { inbound: { ringing: 'Ringing', 'in-progress': 'On the line' }, 'outbound-api': { 'in-progress': 'On the line' } };
const OVER = {
  inbound: { completed: 'Call ended', busy: 'Busy tone', 'no-answer': 'Not answered' },
  'outbound-api': { completed: 'Call ended', busy: 'Declined', 'no-answer': 'Missed call', canceled: 'It has stopped ringing' },
};

// A call's state in the words that its phone shows.
export const nameState = ({ direction, status, over, from }) =>
  (over ? OVER : LIVE)[direction]?.[status] ?? (over ? 'The line is lost' : `${from} calls you`);

// What may be done at a phone: nothing, talk, or take a call.
export const modeOf = ({ direction, status, over }) => {
  if (over) return 'idle';
  return direction === 'inbound' || status === 'in-progress' ? 'talks' : 'rings';
};
