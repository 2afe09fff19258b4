const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

/** Whatever hangs, a second Ctrl-C or this much time ends the process. */
const CLEANUP_MS = 30_000;

/**
 * On Ctrl-C and its like: cleans up once, says so, and ends with the exit code that shells expect of a signal.
 *
 * @param {() => Promise<void>} cleanUp
 */
export function cleanUpOnInterrupt(cleanUp) {
  let interrupted = false;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      const exit = () => process.exit(128 + number);
      if (interrupted) exit();
      interrupted = true;
      process.stderr.write(`\nInterrupted by ${signal}: cleaning up ...\n`);
      setTimeout(exit, CLEANUP_MS).unref();
      cleanUp().then(() => 'Cleaned up: no process and no port is left.', String).then((outcome) => {
        process.stderr.write(`${outcome}\n`);
        exit();
      });
    });
  }
}
