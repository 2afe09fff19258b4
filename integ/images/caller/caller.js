// Calls every service whose address is in a variable `…_URL` and says what it heard. With ONCE it ends then, and fails if one was not reached.
const called = Object.entries(process.env).filter(([name]) => name.endsWith('_URL') && !name.startsWith('AWS_'));

async function hear([name, url]) {
  try {
    const { link, version } = await (await fetch(url, { signal: AbortSignal.timeout(20_000) })).json();
    console.log(`${name} is ${link} ${version}`);
    return true;
  } catch (error) {
    console.log(`${name} is silent: ${error.cause ?? error}`);
    return false;
  }
}

async function main() {
  const heard = await Promise.all(called.map(hear));
  if (process.env.ONCE === 'true') process.exit(heard.length > 0 && heard.every(Boolean) ? 0 : 1);
  const waiting = setInterval(() => undefined, 60_000);
  process.on('SIGTERM', () => clearInterval(waiting));
}

void main();
