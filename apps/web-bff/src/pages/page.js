// What a browser needs to show a user's orders: no framework, no token. The session is in a cookie that scripts cannot read.

const element = (id) => document.getElementById(id);
const money = ({ currency, minorUnits }) =>
  new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(minorUnits / 100);

let nextPageToken = null;

function say(text) {
  element('notice').textContent = text;
}

function showSignedOut(text) {
  for (const id of ['who', 'orders', 'more']) element(id).hidden = true;
  element('rows').replaceChildren();
  element('sign-in').hidden = false;
  say(text);
}

/** JSON of this site; undefined when the session has ended. Throws with what to tell the user. */
async function ask(path, init) {
  const response = await fetch(path, { ...init, headers: { accept: 'application/json', ...init?.headers } });
  if (response.status === 401) return undefined;
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail ?? body.title ?? 'Something went wrong; try again.');
  return body;
}

function rowOf(order) {
  const row = document.createElement('tr');
  const texts = [
    order.orderId,
    new Date(order.createTime).toLocaleDateString(),
    order.status,
    order.payment?.status ?? '–',
    order.shipment?.status ?? '–',
    money(order.total),
  ];
  for (const text of texts) row.insertCell().textContent = text;
  row.lastElementChild.className = 'amount';
  return row;
}

async function showOrders() {
  const query = new URLSearchParams({ pageSize: '20', ...(nextPageToken && { pageToken: nextPageToken }) });
  const page = await ask(`/v1/orders?${query}`);
  if (!page) {
    showSignedOut('Your session has ended.');
    return;
  }
  element('rows').append(...page.orders.map(rowOf));
  element('orders').hidden = element('rows').children.length === 0;
  if (element('orders').hidden) say('You have no orders yet.');
  nextPageToken = page.nextPageToken;
  element('more').hidden = nextPageToken === null;
}

async function signOut() {
  const answer = await ask('/auth/logout', { method: 'POST', headers: { 'x-csrf': '1' } });
  showSignedOut('You are signed out.');
  if (answer?.endSessionUrl) location.assign(answer.endSessionUrl);
}

async function start() {
  const session = await ask('/auth/session');
  if (!session?.signedIn) {
    const cancelled = new URLSearchParams(location.search).get('signIn') === 'cancelled';
    showSignedOut(cancelled ? 'You did not sign in.' : 'Sign in to see your orders.');
    return;
  }
  element('name').textContent = session.name;
  element('who').hidden = false;
  await showOrders();
}

const orSay = (action) => () => action().catch((error) => say(error.message));
element('sign-out').addEventListener('click', orSay(signOut));
element('more').addEventListener('click', orSay(showOrders));
// Browsers may keep a page in memory and show it again with the back button, whatever `no-store` says.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
await orSay(start)();
