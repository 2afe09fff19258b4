// One link of a chain of services: answers with its own version and with the answer of the next link, whose address is in NEXT_URL.
const http = require('node:http');

const KEEP_ALIVE_MS = Number(process.env.KEEP_ALIVE_TIMEOUT) * 1000;

let stopping = false;

const server = http.createServer(async (request, response) => {
  // callers keep connections open: this one takes no further request after SIGTERM.
  if (stopping) response.setHeader('connection', 'close');
  if (request.url === `/crash/${process.env.LINK}`) process.exit(1);
  try {
    const path = request.url.startsWith('/crash/') ? request.url : '';
    const next = process.env.NEXT_URL && await answerOf(process.env.NEXT_URL + path);
    console.log(`${process.env.LINK} ${process.env.VERSION} answers ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ link: process.env.LINK, version: process.env.VERSION, keepAlive: KEEP_ALIVE_MS, next: next ?? undefined }));
  } catch (error) {
    response.writeHead(502).end(`${process.env.LINK} cannot reach the next link: ${error.cause ?? error}`);
  }
});

/** What the next link says; where that is no answer, the error has it all, so that the front tells what happened at the back. */
async function answerOf(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(Number(process.env.PORT));
// callers hear a moment later than this process that it stops, so it goes on answering until they have turned elsewhere.
process.on('SIGTERM', () => {
  stopping = true;
  setTimeout(() => server.close(() => process.exit(0)), 1_500);
});
