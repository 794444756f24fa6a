// What the modules of the telephone's page share.
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
export const post = (path, fields = {}, body) => fetch(path, { method: 'POST', body: body ?? new URLSearchParams(fields) });
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
export const pass = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
