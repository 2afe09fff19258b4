import { setTimeout as sleep } from 'node:timers/promises';
import { stackStatus } from '../lib/cdk.mjs';
import { askLocalAws, isListening } from '../lib/local-aws.mjs';

/** A task may take its time to stop after its service is gone. */
const LEAVE_MS = 30_000;

/**
 * Destroys the stack and looks for what it left behind.
 *
 * @param {object} demo
 * @param {import('../lib/cdk.mjs').Cdk} demo.cdk
 * @param {import('../lib/clients.mjs').Aws} demo.aws
 * @param {string} demo.stack
 * @param {string} demo.url where the storefront was
 * @param {import('../lib/checks.mjs').Checks} demo.checks
 * @param {(news: string) => void} tell
 */
export async function removeShop({ cdk, aws, stack, url, checks }, tell) {
  await cdk.destroy(stack, tell);
  checks.equal('the stack is gone', await stackStatus(aws, stack), undefined, `${cdk.logs}/cdk-destroy.log`);
  if (aws.target.kind === 'local') await checkNoProcessIsLeft(aws.target.clientOptions.endpoint, url, checks);
}

async function checkNoProcessIsLeft(endpoint, url, checks) {
  const deadline = Date.now() + LEAVE_MS;
  let tasks;
  do {
    tasks = await askLocalAws(endpoint, 'tasks');
    if (tasks.length > 0) await sleep(200);
  } while (tasks.length > 0 && Date.now() < deadline);
  checks.equal('no task runs any more', tasks, [], 'the log of the local AWS');
  checks.equal('the load balancer listens no more', await isListening(url), false, 'the log of the local AWS');
}
