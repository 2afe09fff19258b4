import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { storefrontUrl } from '../../scripts/demo/services.mjs';
import { Cdk } from '../../scripts/lib/cdk.mjs';
import { Aws } from '../../scripts/lib/clients.mjs';
import { startLocalAws } from '../../scripts/lib/local-aws.mjs';
import { CACHE, ROOT } from '../../scripts/lib/paths.mjs';
import { localTarget, withoutAws } from '../../scripts/lib/target.mjs';
import { load } from '../lib/load.mjs';
import { median } from '../lib/rounds.mjs';
import { format, table } from '../lib/section.mjs';

const STACK = 'Shop';
const FOLDER = join(CACHE, 'bench-local-aws');
const STARTS = 3;
const CONNECTIONS = 16;
const SECONDS = 5;

/** @type {import('../lib/section.mjs').Section} */
export const LOCAL_AWS = {
  title: 'The local AWS',
  async measure() {
    rmSync(FOLDER, { recursive: true, force: true });
    const starts = [];
    for (let index = 1; index < STARTS; index++) starts.push(await timed(async () => (await start(index)).stop, (stop) => stop()));
    let localAws;
    starts.push(await timed(async () => { localAws = await start(STARTS); }));
    try {
      const shop = await deployShop(localAws);
      return findings(median(starts), shop);
    } finally {
      await localAws.stop();
    }
  },
};

function start(index) {
  return startLocalAws({ data: join(FOLDER, `data-${index}`), env: withoutAws() });
}

async function deployShop(localAws) {
  const logs = join(FOLDER, 'logs');
  mkdirSync(logs, { recursive: true });
  const target = localTarget(localAws);
  const aws = new Aws(target);
  const cdk = new Cdk({ app: join(ROOT, 'examples', 'shop', 'typescript'), assembly: join(FOLDER, 'assembly'), logs, target });
  try {
    let outputs;
    const steps = {
      synth: await timed(() => cdk.synth({ profile: 'development' })),
      bootstrap: await timed(() => cdk.bootstrap(aws)),
      deploy: await timed(async () => { outputs = await cdk.deploy(STACK, () => {}); }),
      again: await timed(() => cdk.deploy(STACK, () => {})),
      update: await timed(() => cdk.run('deploy', [STACK, '--app', cdk.assembly, '--require-approval', 'never', '--tags', 'measured=twice'])),
    };
    const requests = await load(await storefrontUrl(target, outputs), { connections: CONNECTIONS, seconds: SECONDS });
    steps.destroy = await timed(() => cdk.destroy(STACK, () => {}));
    return { steps, requests };
  } finally {
    aws.close();
  }
}

/** Seconds on the clock; what comes after is not counted. */
async function timed(work, afterwards = () => {}) {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  await afterwards(result);
  return seconds;
}

function findings(started, { steps, requests }) {
  const rows = [
    [`start (the middle of ${STARTS})`, started], ['`cdk synth` of the shop', steps.synth], ['`cdk bootstrap`', steps.bootstrap], ['`cdk deploy`', steps.deploy],
    ['`cdk deploy` without a change', steps.again], ['`cdk deploy` that tags every resource', steps.update], ['`cdk destroy`', steps.destroy],
  ].map(([label, seconds]) => [label, format(seconds, 1)]);
  return {
    markdown: 'Seconds on the clock, the command line included: the one part of this page that a busy machine spoils.\n\n'
      + `${table(['', 's'], rows)}\n\nIts load balancer answered ${format(requests.perSecond, 0)} requests of ${CONNECTIONS} connections a second, ${requests.errors} of them with an error.`,
    targets: [
      { what: 'local AWS, start, s', value: started, limit: 3, digits: 1 },
      { what: 'local AWS, first deployment of the shop, s', value: steps.deploy, limit: 15, digits: 1 },
      { what: 'local AWS, errors under load', value: requests.errors, limit: 0, digits: 0 },
      { what: 'local AWS, ms a request at 16 connections', value: 1000 / requests.perSecond, limit: 2, digits: 2 },
    ],
  };
}
