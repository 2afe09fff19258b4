import ms from 'ms';
import { serve } from './lifecycle.js';

/** What a database would hold. */
const ORDERS = [
  { id: 1001, item: 'Espresso machine', quantity: 1, minutesAgo: 3 },
  { id: 1002, item: 'Coffee beans, 1 kg', quantity: 4, minutesAgo: 125 },
  { id: 1003, item: 'Milk jug', quantity: 2, minutesAgo: 2_900 },
];

/** Tells that the secret has arrived, and never what it is. */
function databaseAccess() {
  const password = process.env.DB_PASSWORD ?? '';
  return { passwordSet: password !== '', passwordLength: password.length };
}

function listOrders() {
  return ORDERS.map(({ minutesAgo, ...order }) => ({ ...order, placed: `${ms(minutesAgo * 60_000, { long: true })} ago` }));
}

function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

serve('orders', (request, response) => {
  const { pathname } = new URL(request.url, 'http://orders');
  switch (pathname) {
    case '/healthz':
      return sendJson(response, 200, { status: 'ok' });
    case '/':
    case '/orders':
      return sendJson(response, 200, { orders: listOrders(), database: databaseAccess() });
    default:
      return sendJson(response, 404, { error: `nothing at ${pathname}` });
  }
});
