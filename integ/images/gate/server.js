// A sidecar that answers at once, and is healthy only after a while: who does not wait for that sees a 503.
const http = require('node:http');

const ready = Date.now() + 2_000;
const server = http.createServer((_request, response) => response.writeHead(Date.now() < ready ? 503 : 200).end());
server.listen(Number(process.env.PORT));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
