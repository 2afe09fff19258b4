// Answers with its version; as a bad release it ends before it listens.
const { createServer } = require('node:http');

const { PORT, VERSION, BAD } = process.env;
if (BAD === 'server') {
  console.log(`version ${VERSION} cannot find its settings`);
  process.exit(9);
}
const server = createServer((_request, response) => response.end(`version ${VERSION}`));
server.listen(Number(PORT));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
