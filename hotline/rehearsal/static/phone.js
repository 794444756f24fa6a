// The telephones on the table: added, removed, and asked about once a second.
import { $, $$, pass, post } from './dom.js';
import './faults.js';
import { openHandset } from './handset.js';
import { makeNumber, openNumber } from './own_number.js';
import { openTexts } from './texts.js';

const OFTEN = 1000; // milliseconds
const KEPT = 'phones'; // in this tab, so that a phone stays who it is when the page is loaded again
const list = $('[data-phones]'), phones = [];
let counted = 0, inHand = null;

const keep = () => sessionStorage.setItem(KEPT, JSON.stringify(phones.map((phone) => phone.number())));

// Who is in hand hears and gets the keys that are typed.
const hold = (phone) => {
  inHand = phone;
  for (const one of phones) {
    one.handset.mute(one !== phone);
    $('[data-heard]', one.root).hidden = one !== phone;
  }
};
const arrange = () => {
  for (const row of $$('[data-several]', list)) row.hidden = phones.length < 2;
  keep();
};
const build = (place) => {
  const root = $('[data-phone]').content.cloneNode(true).firstElementChild;
  for (const one of [root, ...$$('*', root)]) for (const name of ['id', 'for', 'aria-labelledby']) {
    if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replaceAll('-n', `-${place}`));
  }
  $('h2', root).textContent = `Phone ${place}`;
  return root;
};
const add = (first) => {
  counted += 1;
  const root = build(counted), place = counted;
  const fields = () => ({ from: phone.number(), to: $('[data-to]', root).value.trim() });
  const phone = { root, place, handset: openHandset(root, fields), texts: openTexts(root, fields, () => look()) };
  const isTaken = (wanted) => phones.some((one) => one.number() === wanted);
  phone.number = openNumber(root, first, isTaken, phone.handset.say, () => { keep(); look(); });
  for (const what of ['focusin', 'pointerdown']) root.addEventListener(what, () => hold(phone));
  $('[data-remove]', root).addEventListener('click', () => remove(phone));
  phones.push(phone);
  list.append(root);
  hold(phone);
  arrange();
  return phone;
};
const remove = (phone) => {
  phone.handset.hangUp();
  phones.splice(phones.indexOf(phone), 1);
  phone.root.remove();
  hold(phones.at(-1));
  arrange();
  $('[data-add]').focus();
};

// What goes on at each phone; telling the carrier that they lie here makes it wait for a person to answer.
const look = async () => {
  const answer = await post('/phone/api/phones', phones.map((phone) => ['number', phone.number()])).catch(() => null);
  const found = answer?.ok ? (await answer.json()).phones : [];
  for (const seen of found) {
    const phone = phones.find((one) => one.number() === seen.number);
    phone?.handset.take(seen.call);
    phone?.texts.show(seen.texts);
  }
  show(answer?.ok);
};
const show = (isThere) => {
  const ringing = phones.filter((phone) => phone.handset.rings());
  const links = ringing.map((phone) => Object.assign(document.createElement('a'), { href: `#${phone.root.id}`, textContent: `Phone ${phone.place} rings` }));
  const words = links.map((link) => link.textContent).join(', '), place = $('[data-rings-where]');
  document.title = words ? `${words} · Hotline` : 'Rehearsal phone · Hotline';
  if (!isThere) links.push('The carrier does not answer.');
  if (place.dataset.shown !== String(links)) { place.dataset.shown = String(links); place.replaceChildren(...links.flatMap((link) => [link, ' '])); }
};
const lookAgain = async () => { for (;;) { await look(); await pass(OFTEN); } };

$('[data-add]').addEventListener('click', () => {
  const { root } = add(makeNumber());
  look();
  root.scrollIntoView({ block: 'nearest' });
  $('[data-act="call"]', root).focus({ preventScroll: true });
});
document.addEventListener('keydown', (event) => {
  const types = event.target.closest('input:not([type="checkbox"]), textarea, select');
  if (!types && !event.ctrlKey && !event.altKey && !event.metaKey && /^[0-9*#]$/.test(event.key)) inHand.handset.press(event.key);
});
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); }); // hidden pages are slow
for (const number of JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') ?? [makeNumber()]) add(number);
lookAgain();
