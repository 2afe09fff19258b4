import * as dgram from 'dgram';
import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Scenario, Steps } from './scenario';
import { ClusterProfile, EcsMicroservice, FargateCluster, ServiceProtocol, ServiceRoute, ServiceScaling } from '../../src';

/** The port that is handed over, and who has it in each phase. */
const PORT = 8000;
const OWNER: Record<string, string> = { first: 'One', last: 'Two' };

/** Services behind a Network Load Balancer by TCP and UDP; then a port is handed over from one service to another. */
export const scenario: Scenario = {
  stack: 'ScenarioNetworkIngress',

  declare(app: App, phase: string): void {
    const stack = new Stack(app, 'ScenarioNetworkIngress');
    const cluster = new FargateCluster(stack, 'Platform', { profile: ClusterProfile.DEVELOPMENT });
    for (const name of Object.values(OWNER)) {
      new EcsMicroservice(stack, name, {
        cluster,
        image: image('hello'),
        environment: { SAYS: name },
        routes: OWNER[phase] === name ? [ServiceRoute.tcp({ port: PORT, internetFacing: true })] : [],
        scaling: ServiceScaling.fixed(1),
      });
    }
    new EcsMicroservice(stack, 'Datagrams', {
      cluster,
      image: image('datagrams'),
      protocol: ServiceProtocol.udp(),
      environment: { SAYS: 'Datagrams' },
      routes: [ServiceRoute.udp({ port: 514, internetFacing: true })],
      scaling: ServiceScaling.fixed(1),
    });
    const ingress = cluster.publicNetworkIngress();
    for (const port of [PORT, 514]) {
      const listener = ingress.node.findChild(`Port${port}`).node.findChild('Listener') as elbv2.CfnListener;
      new CfnOutput(stack, `Url${port}`, { value: `net://${ingress.domainName}:${port}` });
      new CfnOutput(stack, `ListenerArn${port}`, { value: listener.ref });
    }
  },

  async run(steps: Steps): Promise<void> {
    const outputs = await steps.deploy('first');
    steps.checks.equal('the service that has the port answers', await says(steps, outputs), 'One', 'the target group of the listener');
    const datagrams = new URL(await urlOf(steps, outputs, 514));
    steps.checks.equal('a datagram is answered', await send(datagrams, 'hello'), 'Datagrams heard hello', 'the log of the tasks');

    const after = await steps.deploy('last');
    steps.checks.equal('the port is handed over by an update of its listener', after[`ListenerArn${PORT}`], outputs[`ListenerArn${PORT}`], 'the events of the stack');
    steps.checks.equal('the service that was handed the port answers', await says(steps, after), 'Two', 'the target group of the listener');
  },
};

function image(name: string): ecs.ContainerImage {
  return ecs.ContainerImage.fromAsset(path.join(__dirname, '../images', name));
}

function urlOf(steps: Steps, outputs: Record<string, string>, port: number): Promise<string> {
  return steps.url({ Url: outputs[`Url${port}`], ListenerArn: outputs[`ListenerArn${port}`] });
}

async function says(steps: Steps, outputs: Record<string, string>): Promise<string> {
  const { host } = new URL(await urlOf(steps, outputs, PORT));
  const response = await fetch(`http://${host}/`);
  return ((await response.json()) as { says: string }).says;
}

/** Datagrams may be lost: it is sent again until an answer comes. */
function send({ hostname, port }: URL, text: string): Promise<string> {
  const socket = dgram.createSocket('udp4');
  let again: NodeJS.Timeout | undefined;
  return new Promise<string>((resolve, reject) => {
    let tries = 0;
    again = setInterval(() => {
      if (++tries > 100) reject(new Error(`no answer from ${hostname}:${port}`));
      socket.send(text, Number(port), hostname);
    }, 200);
    socket.once('message', (message) => resolve(message.toString()));
    socket.once('error', reject);
  }).finally(() => {
    clearInterval(again);
    socket.close();
  });
}
