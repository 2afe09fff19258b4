// Answers with what it finds in its environment, and with what its sidecar said when it started.
const http = require('node:http');

async function main() {
  const gate = await fetch('http://localhost:9000/').then((response) => response.status, (error) => error.message);
  const { STAGE, GREETING, DB_PASSWORD, MAP_KEY, PORT } = process.env;
  console.log(JSON.stringify({ started: STAGE, gate }));
  const server = http.createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ stage: STAGE, greeting: GREETING, password: DB_PASSWORD, mapKey: MAP_KEY, gate }));
  });
  server.keepAliveTimeout = 65_000;
  server.listen(Number(PORT));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
}

main();
