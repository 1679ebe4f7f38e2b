// Finds words in INDEX, a list of [target, page, heading, text], and shows the places.
'use strict';
const box = document.querySelector('search');
const input = box.querySelector('input');
const list = box.querySelector('ol');
const MOST = 12;
let chosen = -1;
box.hidden = false;
if (matchMedia('(max-width: 54rem)').matches) document.querySelector('nav details').open = false;

// How well an entry fits: every word must be in it; a heading counts more, all of it (or, of a
// member, its own name) most, and the beginning of a word more than what is within.
function score(entry, words) {
  const heading = entry[2].toLowerCase();
  const text = entry[3].toLowerCase();
  let sum = 0;
  for (const word of words) {
    const best = Math.max(
      heading === word ? 100 : heading.endsWith('.' + word) ? 60 : 0, starts(heading, word) ? 30 : heading.includes(word) ? 15 : 0,
      starts(text, word) ? 4 : text.includes(word) ? 1 : 0);
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

function starts(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
  }
  return false;
}

function find(query) {
  const words = query.toLowerCase().split(/\s+/).filter(word => word);
  return words.length === 0 ? [] : INDEX
    .map(entry => ({entry, words, score: score(entry, words)}))
    .filter(hit => hit.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
}

// The part of a text around the first word, with the word marked.
function excerpt(text, word) {
  const at = text.toLowerCase().indexOf(word);
  const small = document.createElement('small');
  if (at < 0) {
    small.textContent = text.slice(0, 110);
    return small;
  }
  const from = at > 40 ? text.lastIndexOf(' ', at - 40) + 1 : 0;
  const mark = document.createElement('mark');
  mark.textContent = text.slice(at, at + word.length);
  small.append((from > 0 ? '… ' : '') + text.slice(from, at), mark, text.slice(at + word.length, at + 80));
  return small;
}

function show() {
  const hits = find(input.value);
  chosen = hits.length > 0 ? 0 : -1;
  list.replaceChildren(...hits.map(({entry, words}, i) => {
    const link = document.createElement('a');
    link.href = entry[0];
    link.tabIndex = -1;
    link.append(entry[1] === entry[2] ? entry[2] : entry[1] + ' › ' + entry[2], excerpt(entry[3], words[0]));
    const item = document.createElement('li');
    item.id = 'found' + i;
    item.setAttribute('role', 'option');
    item.append(link);
    return item;
  }));
  if (hits.length === 0 && input.value.trim()) {
    const none = document.createElement('p');
    none.textContent = 'Nothing is found.';
    list.append(none);
  }
  list.hidden = !input.value.trim();
  input.setAttribute('aria-expanded', String(!list.hidden));
  choose(chosen);
}

function choose(number) {
  const items = list.querySelectorAll('li');
  chosen = items.length === 0 ? -1 : (number + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute('aria-selected', String(i === chosen)));
  input.setAttribute('aria-activedescendant', chosen >= 0 ? items[chosen].id : '');
  if (chosen >= 0) items[chosen].scrollIntoView({block: 'nearest'});
}

function close() {
  list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

input.addEventListener('input', show);
input.addEventListener('focus', show);
input.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown') choose(chosen + 1);
  else if (event.key === 'ArrowUp') choose(chosen - 1);
  else if (event.key === 'Escape') input.blur();
  else if (event.key === 'Enter' && chosen >= 0) list.querySelectorAll('a')[chosen].click();
  else return;
  event.preventDefault();
});
list.addEventListener('click', close);
document.addEventListener('click', event => { if (!box.contains(event.target)) close(); });
input.addEventListener('blur', () => setTimeout(() => { if (!box.contains(document.activeElement)) close(); }, 200));
document.addEventListener('keydown', event => {
  if (event.key === '/' && document.activeElement !== input) {
    input.focus();
    event.preventDefault();
  }
});
