// Answers with what it was told to say, and with what another service says if it knows one.
const http = require('node:http');

const server = http.createServer(async (request, response) => {
  if (process.env.FAIL === 'true') {
    response.writeHead(500).end('told to fail');
    return;
  }
  const other = process.env.BACKEND_URL && request.url === '/through' ? await (await fetch(process.env.BACKEND_URL)).text() : undefined;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ says: process.env.SAYS ?? 'hello', path: request.url, backend: other && JSON.parse(other) }));
});

server.keepAliveTimeout = Number(process.env.KEEP_ALIVE_TIMEOUT) * 1000;
server.listen(Number(process.env.PORT));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
