// Shows new mail as it comes, without taking the field away from somebody who is typing in it.
const shown = document.querySelector('.mails')?.dataset.newest;
setInterval(async () => {
  if (document.hidden || document.activeElement?.id === 'to') return;
  const answer = await fetch(`/api/newest${location.search}`).catch(() => null);
  if (answer?.ok && (await answer.json()).id !== (shown ?? null)) location.reload();
}, 2000);
