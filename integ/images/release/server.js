// Says its version; a bad release is healthy, and answers with errors all the same.
const { createServer } = require('node:http');

const { PORT, VERSION, BAD, KEEP_ALIVE_TIMEOUT } = process.env;
const server = createServer((request, response) => {
  if (BAD === 'true' && !request.url.endsWith('/health')) response.writeHead(500).end(`version ${VERSION} is broken`);
  else response.end(`version ${VERSION}`);
});
server.keepAliveTimeout = Number(KEEP_ALIVE_TIMEOUT) * 1000;
server.listen(Number(PORT));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
