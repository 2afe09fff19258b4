/** `work [seconds]` takes so long and tells when it began and ended; `fail` ends badly; `call` tells what a service answers. */
const { setTimeout: sleep } = require('node:timers/promises');

async function main([what, seconds = '0']) {
  const name = `${what} ${process.env.ERRAND ?? ''}`.trim();
  console.log(`${name} begins`);
  if (what === 'call') console.log(await (await fetch(process.env.HELLO_URL)).text());
  await sleep(Number(seconds) * 1000);
  console.log(`${name} ends`);
  if (what === 'fail') process.exitCode = 7;
}

process.on('SIGTERM', () => {
  console.log('told to stop');
  process.exit(143);
});
main(process.argv.slice(2));
