import { serve } from './lifecycle.js';
import { page } from './page.js';

/** `connectTo` in the CDK app puts this into the environment: http://orders:8080. */
const ORDERS_URL = process.env.ORDERS_URL;

async function fetchOrders() {
  const started = performance.now();
  const response = await fetch(new URL('/orders', ORDERS_URL), { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`orders answered ${response.status}`);
  return { ...await response.json(), milliseconds: performance.now() - started };
}

function send(response, status, type, body) {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` });
  response.end(body);
}

async function sendOrders(request, response, pathname) {
  const wantsJson = pathname.startsWith('/api/') || (request.headers.accept ?? '').includes('application/json');
  try {
    const { orders, database, milliseconds } = await fetchOrders();
    if (wantsJson) send(response, 200, 'application/json', JSON.stringify({ from: ORDERS_URL, milliseconds, orders, database }));
    else send(response, 200, 'text/html', page(orders));
  } catch (error) {
    console.error(`storefront: no orders from ${ORDERS_URL}: ${error.message}`, error.cause?.message ?? '');
    send(response, 502, 'text/plain', 'The orders are not available just now.\n');
  }
}

serve('storefront', (request, response) => {
  const { pathname } = new URL(request.url, 'http://storefront');
  switch (pathname) {
    // Says that this task can answer; it does not ask orders, or the loss of orders would take the storefront with it.
    case '/healthz':
      return send(response, 200, 'text/plain', 'ok\n');
    case '/':
    case '/api/orders':
      return sendOrders(request, response, pathname);
    default:
      return send(response, 404, 'text/plain', `Nothing at ${pathname}\n`);
  }
});
