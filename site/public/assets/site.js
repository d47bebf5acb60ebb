// The front page of the guest book. Whatever people wrote is put in as text, never as markup.
const PAGE = 5;
const PATIENCE = [300, 700, 1500, 3000]; // milliseconds between attempts, while a new primary takes over

const $ = id => document.getElementById(id);
const form = $('entry');
const text = $('text');
const outcome = $('outcome');
const entries = $('entries');
const older = $('older');
let oldest;

async function ask(path, options) {
  const response = await fetch(path, {headers: {Accept: 'application/json'}, ...options});
  const isJson = (response.headers.get('Content-Type') || '').startsWith('application/json');
  const body = isJson ? await response.json() : {};
  if (!response.ok) {
    throw Object.assign(new Error(body.detail || `The answer was ${response.status}.`), {status: response.status});
  }
  return body;
}

function item(message) {
  const li = document.createElement('li');
  const words = document.createElement('p');
  words.textContent = message.text;
  const time = document.createElement('time');
  time.dateTime = message.written;
  time.textContent = new Date(message.written).toLocaleString();
  li.append(words, time);
  return li;
}

async function show(before) {
  entries.setAttribute('aria-busy', 'true');
  try {
    const page = await ask(`api/messages?limit=${PAGE}` + (before ? `&before=${before}` : ''));
    if (!before) {
      entries.replaceChildren();
    }
    entries.append(...page.messages.map(item));
    oldest = page.messages.at(-1)?.id;
    older.hidden = page.messages.length < PAGE;
    outcome.textContent = page.messages.length || before ? '' : 'Nobody has written anything yet.';
  } catch (e) {
    outcome.textContent = `The entries cannot be read now. ${e.message}`;
  }
  entries.setAttribute('aria-busy', 'false');
}

// With one key for all attempts an entry is written once, also when an answer was lost on the way.
async function write(words) {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('');
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask('api/messages', {
        method: 'POST',
        headers: {'Content-Type': 'application/json', 'Idempotency-Key': key, Accept: 'application/json'},
        body: JSON.stringify({text: words}),
      });
    } catch (e) {
      const passing = e.status === undefined || [502, 503, 504].includes(e.status);
      if (!passing || attempt === PATIENCE.length) {
        throw e;
      }
      outcome.textContent = 'Trying again …';
      await new Promise(resolve => setTimeout(resolve, PATIENCE[attempt]));
    }
  }
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  form.querySelector('button').disabled = true;
  try {
    const written = await write(text.value);
    text.value = '';
    await show();
    outcome.textContent = `Entry ${written.id} is safe on ${written.node} and at least one replica.`;
  } catch (e) {
    outcome.textContent = e.message;
  }
  form.querySelector('button').disabled = false;
});

async function whoami() {
  try {
    const who = await ask('api/whoami');
    for (const place of document.querySelectorAll('[data-who]')) {
      const name = place.dataset.who.split('.').reduce((part, key) => part?.[key], who);
      place.textContent = name ?? '';
    }
    const session = await ask('api/session');
    $('visits').textContent = `Your session has counted ${session.count} ${session.count === 1 ? 'visit' : 'visits'}.`;
  } catch (e) {
    $('visits').textContent = e.message;
  }
}

older.addEventListener('click', () => show(oldest));
$('again').addEventListener('click', whoami);
form.hidden = false;
show();
whoami();
