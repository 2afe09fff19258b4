// Says what programs say: a line of JSON, a line of text, and an error with the lines of its stack. Stays if it is told to.
const { WHO: who, STAYS: stays } = process.env;

console.log(JSON.stringify({ level: 'info', who, message: `${who} is up` }));
console.log(`${who} looks at its work`);
console.log(`ERROR ${who} cannot go on\n    at work (talker.js:1)\n    at main (talker.js:2)`);
console.log(`${who} goes on all the same`);

if (stays === 'true') {
  setInterval(() => {}, 60_000);
  process.on('SIGTERM', () => process.exit(0));
}
