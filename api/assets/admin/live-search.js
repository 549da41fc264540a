/** The answer while one types: sends the same form and takes the answer out of the same page. Without it, Enter does. */
const PAUSE = 400;
const PATIENCE = 1_000;
const SHORTEST = 2;
const SLOW = 'メールの状態を確認できません。呼び返しは試せます。';

const form = document.getElementById('look');
const field = document.getElementById('q');
const found = document.getElementById('found');
const slow = document.getElementById('slow');

let timer = 0;
let asking = new AbortController();

async function ask() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const late = setTimeout(() => (slow.textContent = SLOW), PATIENCE);
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      signal,
    });
    // Signed out meanwhile, or in trouble: sent the ordinary way, the page says what is the matter.
    if (answer.redirected) return form.submit();
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.getElementById('found');
    slow.textContent = next === null ? SLOW : '';
    if (next !== null) found.replaceChildren(...next.childNodes);
  } catch {
    if (!signal.aborted) slow.textContent = SLOW;
  } finally {
    clearTimeout(late);
  }
}

field.addEventListener('input', (event) => {
  clearTimeout(timer);
  // The answer was about somebody else.
  asking.abort();
  found.replaceChildren();
  slow.textContent = '';
  // Letters that an input method has not settled yet are no question.
  if (event.isComposing || field.value.trim().length < SHORTEST) return;
  timer = setTimeout(ask, PAUSE);
});
field.addEventListener('compositionend', () => {
  clearTimeout(timer);
  if (field.value.trim().length >= SHORTEST) timer = setTimeout(ask, PAUSE);
});
