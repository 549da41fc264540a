// A box in the head of the table that ticks the whole page, and how many are chosen beside the button.
const form = document.querySelector('#choose');
const boxes = form ? [...form.querySelectorAll('input[name="person"]')] : [];
const head = form?.querySelector('thead th');

if (form && head && boxes.length > 0) {
  const label = document.createElement('label');
  const all = document.createElement('input');
  all.type = 'checkbox';
  label.append(all, ' このページの全員');
  const line = document.createElement('p');
  line.append(label);
  form.querySelector('.scroll').before(line);
  const button = form.querySelector('button[value="chosen"]');
  const word = button.textContent;
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
    button.textContent = chosen === 0 ? word : word.replace('選んだ人', `選んだ${chosen}人`);
  };
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  form.addEventListener('change', tell);
  // Going back, a browser ticks again what was ticked.
  addEventListener('pageshow', tell);
  tell();
}
