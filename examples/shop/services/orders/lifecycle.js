import { createServer } from 'node:http';

/**
 * Longer than any load balancer or proxy keeps an idle connection: who closes first must be the caller, or a request that
 * is on its way just then is lost and answered with 502.
 */
const KEEP_ALIVE_MS = Number(process.env.KEEP_ALIVE_TIMEOUT ?? 65) * 1000;

/**
 * Listens on the port in PORT and stops as ECS asks for it: on SIGTERM no new connections, requests in flight are
 * answered, then the process ends.
 *
 * @param {string} name what log lines begin with
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} handle
 */
export function serve(name, handle) {
  let stopping = false;
  const server = createServer((request, response) => {
    if (stopping) response.setHeader('connection', 'close');
    response.on('close', () => {
      console.log(`${name}: ${request.method} ${request.url} ${response.statusCode}`);
      if (stopping) setImmediate(() => server.closeIdleConnections());
    });
    handle(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1_000;

  const port = Number(process.env.PORT ?? 8080);
  server.listen(port, () => console.log(`${name}: listening on port ${port}`));

  process.once('SIGTERM', () => {
    console.log(`${name}: stopping, no new connections`);
    stopping = true;
    server.close(() => console.log(`${name}: stopped`));
  });
}
