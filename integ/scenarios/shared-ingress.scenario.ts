import * as http from 'http';
import * as https from 'https';
import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { ClusterIngress, ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute, ServiceRouteOptions, ServiceScaling, SharedIngress, TaskSize } from '../../src';

/** In an account: a domain of yours and the id of its public zone. The local AWS takes any. */
const DOMAIN = process.env.SCENARIO_DOMAIN ?? 'shop.example.com';
const ZONE_ID = process.env.SCENARIO_ZONE_ID;

/** What each service asks for, in no particular order. */
const ROUTES: Record<string, ServiceRouteOptions> = {
  Start: { hosts: [DOMAIN] },
  Cart: { hosts: [DOMAIN], paths: ['/cart', '/cart/*'] },
  Checkout: { hosts: [DOMAIN], paths: ['/cart/checkout'] },
  Tenants: { hosts: [`*.${DOMAIN}`] },
  Admin: { hosts: [`admin.${DOMAIN}`] },
  AdminUsers: { hosts: [`admin.${DOMAIN}`], paths: ['/users/*'] },
  Orders: { paths: ['/orders', '/orders/*'] },
  Export: { paths: ['/orders/export'] },
  OrdersWriter: { paths: ['/orders', '/orders/*'], methods: ['POST', 'PUT'] },
  OrdersBeta: { paths: ['/orders', '/orders/*'], headers: { 'X-Beta': ['yes', 'true*'] } },
  Images: { paths: ['/images/*'] },
  Icons: { paths: ['/images/icons/*.svg'] },
};
const LATER = { Reports: { paths: ['/reports/*'] } };

/** Whose each request is, written down by hand in the order in which a person would decide: hosts first, then paths, the exact before the patterns. */
const ORACLE: [service: string, hosts: RegExp, paths: RegExp, further?: (request: Request) => boolean][] = [
  ['AdminUsers', exactly(`admin.${DOMAIN}`), /^\/users\//],
  ['Admin', exactly(`admin.${DOMAIN}`), /^/],
  ['Checkout', exactly(DOMAIN), /^\/cart\/checkout$/],
  ['Cart', exactly(DOMAIN), /^\/cart($|\/)/],
  ['Start', exactly(DOMAIN), /^/],
  ['Tenants', new RegExp(`\\.${DOMAIN.replace(/\./g, '\\.')}$`, 'i'), /^/],
  ['Export', /^/, /^\/orders\/export$/],
  ['OrdersWriter', /^/, /^\/orders($|\/)/, ({ method }) => method === 'POST' || method === 'PUT'],
  ['OrdersBeta', /^/, /^\/orders($|\/)/, ({ beta }) => /^(yes$|true)/i.test(beta ?? '')],
  ['Orders', /^/, /^\/orders($|\/)/],
  ['Icons', /^/, /^\/images\/icons\/.*\.svg$/],
  ['Images', /^/, /^\/images\//],
];

const HOSTS = [DOMAIN, DOMAIN.toUpperCase(), `admin.${DOMAIN}`, `acme.${DOMAIN}`, `a.b.${DOMAIN}`, `not${DOMAIN}`, 'other.example.org'];
const PATHS = [
  '/', '/cart', '/cart/', '/cart/1', '/cart/checkout', '/cart/checkout/', '/Cart', '/carts', '/users/7', '/users', '/orders', '/orders/1/lines',
  '/orders/export', '/orders/exports', '/order', '/images/a.png', '/images/icons/a.svg', '/images/icons/a.png', '/images', '/nothing?at=/orders', '/orders?page=2',
];

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const BETA = [undefined, 'yes', 'YES', 'TrueBlue', 'yes please', 'no'];

/** What distinguishes one request from another. */
interface Request {
  readonly host: string;
  readonly target: string;
  readonly method: string;
  /** The value of the header X-Beta. */
  readonly beta?: string;
}

/** Twelve services behind one load balancer, each reached through its routes and none through another's; then one more, while requests flow. */
export const scenario: Scenario = {
  stack: 'ScenarioSharedIngress',

  declare(app: App, phase: string): void {
    const stack = new Stack(app, 'ScenarioSharedIngress');
    const hostedZone = ZONE_ID === undefined
      ? new route53.PublicHostedZone(stack, 'Zone', { zoneName: DOMAIN })
      : route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: ZONE_ID, zoneName: DOMAIN });
    const cluster = new FargateCluster(stack, 'Platform', {
      profile: ClusterProfile.DEVELOPMENT,
      ingress: ClusterIngress.publicAlb({ domainName: DOMAIN, hostedZone }),
    });
    for (const [name, route] of Object.entries({ ...ROUTES, ...phase === 'first' ? {} : LATER })) {
      new EcsMicroservice(stack, name, {
        cluster,
        image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../images/hello')),
        size: TaskSize.of(256, 512),
        environment: { SAYS: name },
        routes: [ServiceRoute.internetFacing(route)],
        scaling: ServiceScaling.fixed(1),
      });
    }
    const ingress = cluster.publicIngress() as SharedIngress;
    const [redirecting] = ingress.loadBalancer.listeners;
    new CfnOutput(stack, 'Url', { value: ingress.url });
    new CfnOutput(stack, 'ListenerArn', { value: ingress.listenerArn });
    new CfnOutput(stack, 'HttpUrl', { value: `http://${ingress.loadBalancer.loadBalancerDnsName}` });
    new CfnOutput(stack, 'HttpListenerArn', { value: redirecting.listenerArn });
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    const url = await steps.url(outputs);
    await compareWithOracle(steps, url);
    await checkListeners(steps, url, await steps.url({ Url: outputs.HttpUrl, ListenerArn: outputs.HttpListenerArn }));
    await addAnother(steps, url);
  },
};

async function compareWithOracle(steps: Steps, url: string): Promise<void> {
  const seed = Number(process.env.SCENARIO_SEED ?? Date.now() % 2 ** 32);
  console.log(`requests drawn with SCENARIO_SEED=${seed}`);
  const random = generator(seed);
  const requests = requestsByOwner();
  const wrong: string[] = [];
  const reached = new Set<string>();
  for (let count = 0; count < 300; count++) {
    const one = <Value>(values: Value[]) => values[random(values.length)];
    const request = one(one(requests)); // by owner first: the few requests that are a rare service's would hardly be drawn otherwise
    const received = await ask(url, request);
    reached.add(received.says);
    if (received.says !== ownerOf(request)) wrong.push(`${JSON.stringify(request)}: ${received.says} instead of ${ownerOf(request)}`);
  }
  steps.checks.equal(`each of 300 requests is answered by whose it is (seed ${seed})`, wrong, [], 'the rules of the listener');
  steps.checks.equal('every service was reached', Object.keys(ROUTES).filter((name) => !reached.has(name)), [], 'the rules of the listener');
}

async function checkListeners(steps: Steps, url: string, httpUrl: string): Promise<void> {
  const nobody = await ask(url, get('other.example.org', '/nobody'));
  steps.checks.equal('what nobody has a route for is not found', [nobody.status, nobody.body, nobody.type], [404, 'Not Found', 'text/plain'], 'the default action');
  const redirect = await ask(httpUrl, get(DOMAIN, '/cart/1?a=b'));
  steps.checks.equal('plain HTTP is led to HTTPS', [redirect.status, redirect.location], [301, `https://${DOMAIN}:443/cart/1?a=b`], 'the listener of port 80');
}

async function addAnother(steps: Steps, url: string): Promise<void> {
  let ended = false;
  const failed: string[] = [];
  let answered = 0;
  const requests = (async () => {
    for (let count = 0; !ended; count++) {
      const request = get(HOSTS[count % HOSTS.length], PATHS[count % PATHS.length]);
      const received = await ask(url, request).catch((error: Error) => ({ says: error.message }));
      answered++;
      if (received.says !== ownerOf(request)) failed.push(`${JSON.stringify(request)}: ${received.says}`);
      await new Promise((resolve) => setTimeout(resolve, 20)); // a steady trickle: the machine has work to do besides
    }
  })();
  await steps.deploy('last').finally(() => { ended = true; });
  await requests;
  steps.checks.equal('no request failed while a service was added', failed, [], 'the events of the stack');
  steps.checks.equal('requests flowed meanwhile', answered > 0, true, 'the scenario itself');
  steps.checks.equal('the added service answers', (await ask(url, get('other.example.org', '/reports/1'))).says, 'Reports', 'the rules of the listener');
}

/** Every request that can be made of the values above, those of one owner together. */
function requestsByOwner(): Request[][] {
  const all = HOSTS.flatMap((host) => PATHS.flatMap((target) => METHODS.flatMap((method) => BETA.map((beta) => ({ host, target, method, beta })))));
  const owners = new Map<string, Request[]>();
  for (const request of all) {
    const owner = ownerOf(request);
    owners.set(owner, [...owners.get(owner) ?? [], request]);
  }
  return [...owners.values()];
}

function get(host: string, target: string): Request {
  return { host, target, method: 'GET' };
}

function ownerOf(request: Request): string {
  const [requestPath] = request.target.split('?');
  return ORACLE.find(([, hosts, paths, further = () => true]) => hosts.test(request.host) && paths.test(requestPath) && further(request))?.[0] ?? 'nobody';
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly location?: string;
  /** The name of the service, or `nobody` for the load balancer's own 404. */
  readonly says: string;
}

/** `fetch` does not let a host be given; the certificate is not what is checked here. */
function ask(url: string, { host, target, method, beta }: Request): Promise<Answer> {
  const { protocol, hostname, port } = new URL(url);
  const options = { hostname, port, path: target, method, headers: { host, ...beta === undefined ? {} : { 'x-beta': beta } }, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    (protocol === 'https:' ? https : http).request(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => { body += piece; }).on('error', reject).on('end', () => {
        const status = response.statusCode ?? 0;
        const says = status === 200 ? (JSON.parse(body) as { says: string }).says : status === 404 ? 'nobody' : `status ${status}`;
        resolve({ status, body, type: response.headers['content-type'], location: response.headers.location, says });
      });
    }).on('error', reject).end();
  });
}

function exactly(host: string): RegExp {
  return new RegExp(`^${host.replace(/\./g, '\\.')}$`, 'i');
}

/** Whole numbers below a bound, the same for the same seed (Lehmer's generator). */
function generator(seed: number): (bound: number) => number {
  const modulus = 2 ** 31 - 1;
  let state = seed % (modulus - 1) + 1;
  return (bound) => {
    state = state * 48271 % modulus;
    return Math.floor(state / modulus * bound);
  };
}
