// The lines of a transcript: time, as spoken, meaning. Plain textareas, so that input methods and undo work.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
export const said = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

const grow = (area) => {
  if (CSS.supports('field-sizing', 'content')) return;
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
};
const wordsOf = (line) => {
  const [spoken, meaning] = $$('textarea', line);
  return { at: Number(line.dataset.at), spoken: spoken.value, meaning: meaning.value };
};
const same = (one, two) => one.at === two.at && one.spoken === two.spoken && one.meaning === two.meaning;

// `onChange` hears of every change of words.
export const openLines = (segs, onChange) => {
  const blank = $('.seg', segs).cloneNode(true);
  const rows = () => $$('.seg:not(.seg--other)', segs);
  const others = () => $$('.seg--other', segs);
  let now = rows()[0];

  const make = ({ at, spoken, meaning }) => {
    const row = blank.cloneNode(true);
    row.dataset.at = String(at);
    row.classList.remove('seg--now');
    $('.stamp', row).textContent = said(at);
    $$('textarea', row).forEach((area, index) => {
      area.value = index ? meaning : spoken;
      area.setAttribute('aria-label', `${index ? 'Meaning' : 'As spoken'}, from ${said(at)}`);
    });
    return row;
  };
  const place = (row) => {
    const before = $$('.seg', segs).filter((one) => Number(one.dataset.at) <= Number(row.dataset.at)).at(-1);
    before ? before.after(row) : $('.seg-head', segs).after(row);
    $$('textarea', row).forEach(grow);
    return row;
  };
  const enter = (row) => {
    now.classList.remove('seg--now');
    now = row;
    now.classList.add('seg--now');
  };

  segs.addEventListener('input', (event) => { grow(event.target); onChange(); });
  segs.addEventListener('focusin', (event) => {
    const row = event.target.closest('.seg:not(.seg--other)');
    if (row) enter(row);
  });
  $$('textarea', segs).forEach(grow);

  return {
    read: () => rows().map(wordsOf),
    begins: () => Number(now.dataset.at),
    // Where the current line ends: at the next one's beginning, if there is one.
    ends: () => {
      const next = rows()[rows().indexOf(now) + 1];
      return next ? Number(next.dataset.at) : undefined;
    },
    stamps: () => rows().map((row) => Number(row.dataset.at)),
    add: (at) => {
      $('textarea', place(make({ at, spoken: '', meaning: '' }))).focus();
      onChange();
    },
    mark: (word) => {
      const area = document.activeElement?.closest('.seg:not(.seg--other)') && document.activeElement.tagName === 'TEXTAREA'
        ? document.activeElement : $('textarea', now);
      area.focus();
      // The one way that keeps the browser's undo; where it is gone, the mark is still made.
      if (!document.execCommand('insertText', false, `[${word}]`)) {
        area.setRangeText(`[${word}]`, area.selectionStart, area.selectionEnd, 'end');
        onChange();
      }
    },
    // Two versions: what differs in the other is shown beneath, to be read and chosen from.
    showOther: (segments, when) => {
      others().forEach((row) => row.remove());
      const here = rows().map(wordsOf);
      for (const line of segments.filter((one) => !here.some((mine) => same(mine, one)))) {
        const row = make(line);
        row.classList.add('seg--other');
        const tag = document.createElement('span');
        tag.className = 'tiny c-late';
        tag.textContent = `Other, ${when}`;
        $('.at', row).append(tag);
        for (const area of $$('textarea', row)) { area.readOnly = true; area.ariaLabel = `${area.ariaLabel}, other version`; }
        place(row);
      }
    },
    keepHere: () => others().forEach((row) => row.remove()),
    keepBoth: () => others().forEach((row) => {
      row.classList.remove('seg--other');
      row.replaceWith(make(wordsOf(row)));
    }),
    keepOther: (segments) => {
      $$('.seg', segs).forEach((row) => row.remove());
      for (const line of segments.length ? segments : [{ at: 0, spoken: '', meaning: '' }]) place(make(line));
      [now] = rows();
      enter(now);
    },
  };
};
