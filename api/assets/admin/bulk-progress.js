// Shows how far a bulk send has come without opening the page again.
const EVERY = 2000;
const AT_MOST = 30000;
const PARTS = ['#progress', '#results'];
let pause = EVERY;

async function refresh() {
  if (document.querySelector('#progress')?.dataset.live !== 'yes') return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { redirect: 'error' });
      if (!answer.ok) throw new Error('not now');
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of PARTS) {
        const [here, fresh] = [document.querySelector(part), page.querySelector(part)];
        // Where somebody is about to press a button or a link, nothing moves.
        const stays = !here || !fresh || here.contains(document.activeElement);
        if (!stays && fresh.innerHTML !== here.innerHTML) here.replaceWith(fresh);
      }
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, AT_MOST);
    }
  }
  setTimeout(refresh, pause);
}
setTimeout(refresh, EVERY);
