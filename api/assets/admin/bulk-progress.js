// Shows how far a bulk send has come without opening the page again.
const EVERY = 2000;
const AT_MOST = 30000;
let pause = EVERY;

async function refresh() {
  const here = document.querySelector('#progress');
  if (here?.dataset.live !== 'yes') return;
  // Nobody looks, or somebody is about to press the button.
  if (!document.hidden && !here.contains(document.activeElement)) {
    try {
      const answer = await fetch(location.href, { redirect: 'error' });
      if (!answer.ok) throw new Error('not now');
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('#progress');
      if (fresh && fresh.innerHTML !== here.innerHTML) here.replaceWith(fresh);
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, AT_MOST);
    }
  }
  setTimeout(refresh, pause);
}
setTimeout(refresh, EVERY);
