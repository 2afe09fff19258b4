import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as servicediscovery from 'aws-cdk-lib/aws-servicediscovery';
import { Duration, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  ClusterIngress, ClusterProfile, EcsMicroservice, EcsMicroserviceProps, FargateCluster, FargateClusterProps, IFargateCluster, IngressWaf,
  PriorityRange, RouteAuthentication, RoutePriorities, ServiceProtocol, ServiceRoute,
} from '../../src';
import { createStack, IMAGE, importedVpc } from '../util/fixtures';

/** What CloudFormation can change by replacement only. */
const CREATE_ONLY: Record<string, string[]> = {
  TargetGroup: ['Name', 'Port', 'Protocol', 'ProtocolVersion', 'TargetType', 'VpcId', 'IpAddressType', 'TargetControlPort'],
  LoadBalancer: ['Name', 'Scheme', 'Type'],
};

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}
type Resources = Record<string, Resource>;

function resourcesOf(resources: Resources, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === `AWS::ElasticLoadBalancingV2::${type}`);
}

function createOnly(type: string, resource: Resource): unknown[] {
  return CREATE_ONLY[type].map((property) => resource.Properties[property]);
}

/** The load balancer of a listener, as what makes it the same one in an update; of a listener that exists, what its ARN says. */
function loadBalancerOf(resources: Resources, listener: unknown): string {
  if (typeof listener === 'string') return listener.split('/').slice(1, 4).join('/');
  const { Ref } = listener as { Ref: string };
  if (resources[Ref] === undefined) return `whatever ${Ref} names`;
  const { Properties } = resources[Ref];
  const id = (Properties.LoadBalancerArn as { Ref: string }).Ref;
  return JSON.stringify([id, ...createOnly('LoadBalancer', resources[id])]);
}

/** The load balancers that rules tie each target group to. */
function tiesOf(resources: Resources): Record<string, string[]> {
  const ties: Record<string, string[]> = {};
  for (const [, { Properties }] of resourcesOf(resources, 'ListenerRule')) {
    for (const { TargetGroupArn } of Properties.Actions as { TargetGroupArn?: { Ref: string } }[]) {
      if (TargetGroupArn !== undefined) (ties[TargetGroupArn.Ref] ??= []).push(loadBalancerOf(resources, Properties.ListenerArn));
    }
  }
  return ties;
}

interface Application {
  readonly cluster?: (stack: Stack) => FargateClusterProps;
  readonly service?: Partial<EcsMicroserviceProps>;
  /** The id of the service's cluster. */
  readonly on?: 'Platform' | 'Second';
  /** The cluster of another app instead, on which the service runs. */
  readonly of?: (stack: Stack) => IFargateCluster;
  readonly id?: string;
}

function synthesise({ cluster = () => ({}), service = {}, on = 'Platform', of, id = 'Orders' }: Application): Resources {
  const stack = createStack();
  const platform = new FargateCluster(stack, 'Platform', cluster(stack));
  const second = new FargateCluster(stack, 'Second', cluster(stack));
  const routes = [ServiceRoute.internetFacing({ paths: ['/orders/*'] })];
  new EcsMicroservice(stack, 'Users', { cluster: platform, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/users/*'] })] });
  new EcsMicroservice(stack, id, { cluster: of?.(stack) ?? (on === 'Platform' ? platform : second), image: IMAGE, routes, ...service });
  return Template.fromStack(stack).toJSON().Resources;
}

const https = (stack: Stack): FargateClusterProps => ({
  ingress: ClusterIngress.publicAlb({
    certificates: [certificateOf(stack)],
  }),
});
function certificateOf(stack: Stack): acm.ICertificate {
  return (stack.node.tryFindChild('Certificate') as acm.ICertificate | undefined)
    ?? acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1');
}
const existing = (loadBalancer: string, listener: string, priorities?: PriorityRange) => (stack: Stack): FargateClusterProps => ({
  ingress: ClusterIngress.existing({
    listenerArn: `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/${loadBalancer}/${listener}`,
    securityGroup: (stack.node.tryFindChild('Alb') as ec2.ISecurityGroup | undefined) ?? ec2.SecurityGroup.fromSecurityGroupId(stack, 'Alb', 'sg-alb'),
    url: 'https://api.example.com',
    priorities,
  }),
});
const read = (id: string) => (stack: Stack) => FargateCluster.fromParameters(stack, id, '/platform', { zones: 2, priorities: RoutePriorities.band(1) });
const imported = (loadBalancer: string, listener: string, id = 'Company') => (stack: Stack) => FargateCluster.fromAttributes(stack, id, {
  clusterName: 'platform',
  vpc: importedVpc(stack),
  namespace: servicediscovery.HttpNamespace.fromHttpNamespaceAttributes(stack, 'Namespace', {
    namespaceName: 'platform', namespaceId: 'ns-1', namespaceArn: 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1',
  }),
  publicIngress: {
    listenerArn: `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/${loadBalancer}/${listener}`,
    securityGroupId: 'sg-alb',
    url: 'https://api.example.com',
    priorities: RoutePriorities.band(1),
  },
});
const signIn = RouteAuthentication.oidc({
  issuer: 'https://login',
  authorizationEndpoint: 'https://login/a',
  tokenEndpoint: 'https://login/t',
  userInfoEndpoint: 'https://login/u',
  clientId: 'orders',
  clientSecret: SecretValue.secretsManager('sign-in'),
}, { bypassPaths: ['/orders/health'] });
const inside = ServiceRoute.insideVpc({ paths: ['/orders/*'] });
const outside = ServiceRoute.internetFacing({ paths: ['/orders/*'] });

/** Whether the target group of the service stays what it is, or is another one with another logical id. */
type Fate = 'kept' | 'new';

describe('a change', () => {
  test.each<[string, Fate, Application, Application]>([
    ['of the port', 'kept', { service: { port: 8080 } }, { service: { port: 9090 } }],
    ['of the health check', 'kept', {}, { service: { healthCheck: { path: '/health', interval: Duration.seconds(20) } } }],
    ['of the longest request', 'kept', {}, { service: { maxRequestTime: Duration.seconds(60) } }],
    ['of the path', 'kept', {}, { service: { routes: [ServiceRoute.internetFacing({ paths: ['/purchases/*'] })] } }],
    ['of a written priority', 'kept', { service: { routes: [ServiceRoute.internetFacing({ paths: ['/a'], priority: 7 })] } },
      { service: { routes: [ServiceRoute.internetFacing({ paths: ['/a'], priority: 8 })] } }],
    ['of the path under a written priority', 'kept', { service: { routes: [ServiceRoute.internetFacing({ paths: ['/a'], priority: 7 })] } },
      { service: { routes: [ServiceRoute.internetFacing({ paths: ['/b'], priority: 7 })] } }],
    ['to more values than a rule takes', 'kept', {},
      { service: { routes: [ServiceRoute.internetFacing({ paths: ['/a', '/b', '/c', '/d', '/e', '/f', '/g'] })] } }],
    ['to sign-in', 'kept', { cluster: https }, { cluster: https, service: { routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'], authentication: signIn })] } }],
    ['from HTTP to HTTPS', 'kept', {}, { cluster: https }],
    ['from HTTPS to HTTP', 'kept', { cluster: https }, {}],
    ['to a firewall', 'kept', {}, { cluster: () => ({ ingress: ClusterIngress.publicAlb({ waf: IngressWaf.managedRules() }) }) }],
    ['of the numbers that the app gives out', 'kept', { cluster: existing('company/0123', '4567') },
      { cluster: existing('company/0123', '4567', { first: 10001, last: 20000 }) }],
    ['of the profile', 'kept', {}, { cluster: () => ({ profile: ClusterProfile.DEVELOPMENT }) }],
    ['to an internal route as well', 'kept', {}, { service: { routes: [outside, inside] } }],
    ['back from it', 'kept', { service: { routes: [outside, inside] } }, {}],
    ['of the order of both', 'kept', { service: { routes: [outside, inside] } }, { service: { routes: [inside, outside] } }],
    ['from the public to the internal load balancer', 'new', {}, { service: { routes: [inside] } }],
    ['from the internal to the public load balancer', 'new', { service: { routes: [inside] } }, {}],
    ['of the cluster', 'new', {}, { on: 'Second' }],
    ['to an existing load balancer', 'new', {}, { cluster: existing('company/0123', '4567') }],
    ['from an existing load balancer', 'new', { cluster: existing('company/0123', '4567') }, {}],
    ['of the existing load balancer', 'new', { cluster: existing('company/0123', '4567') }, { cluster: existing('other/0123', '4567') }],
    ['of the listener of an existing load balancer', 'kept', { cluster: existing('company/0123', '4567') }, { cluster: existing('company/0123', '89ab') }],
    ['to HTTP/2', 'new', { cluster: https }, { cluster: https, service: { protocol: ServiceProtocol.http2() } }],
    ['to gRPC', 'new', { cluster: https }, { cluster: https, service: { protocol: ServiceProtocol.grpc() } }],
    ['from gRPC to HTTP/2', 'new', { cluster: https, service: { protocol: ServiceProtocol.grpc() } }, { cluster: https, service: { protocol: ServiceProtocol.http2() } }],
    ['to WebSocket', 'kept', {}, { service: { protocol: ServiceProtocol.webSocket() } }],
    ['of the id of an import from parameters', 'new', { of: read('Imported') }, { of: read('Again') }],
    ['from a cluster of its own to that of another app', 'new', {}, { of: read('Imported') }],
    ['of the load balancer of an import', 'new', { of: imported('company/0123', '4567') }, { of: imported('other/0123', '4567') }],
    ['of the listener of an import', 'kept', { of: imported('company/0123', '4567') }, { of: imported('company/0123', '89ab') }],
    ['of the id of an import', 'kept', { of: imported('company/0123', '4567') }, { of: imported('company/0123', '4567', 'Again') }],
    ["of the service's id", 'new', {}, { id: 'Purchases' }],
  ])('%s leaves the target group: %s', (_, fate, one, other) => {
    const [before, after] = [synthesise(one), synthesise(other)];
    const groups = (resources: Resources) => resourcesOf(resources, 'TargetGroup').map(([id]) => id).filter((id) => !id.startsWith('Users'));
    const common = groups(before).filter((id) => groups(after).includes(id));
    expect(common).toHaveLength(fate === 'kept' ? Math.min(groups(before).length, groups(after).length) : 0);

    // what CloudFormation updates in place keeps what it cannot change, and its load balancer
    const [ties, newTies] = [tiesOf(before), tiesOf(after)];
    for (const [id, group] of resourcesOf(after, 'TargetGroup')) {
      expect(new Set(newTies[id]).size).toBe(1);
      if (before[id] === undefined) continue;
      expect(createOnly('TargetGroup', group)).toEqual(createOnly('TargetGroup', before[id]));
      expect(new Set([...ties[id], ...newTies[id]]).size).toBe(1);
    }
    // no rule that stays asks for another number, and no new rule for one that an old rule of the same listener still has
    for (const [id, rule] of resourcesOf(after, 'ListenerRule')) {
      if (before[id] !== undefined) expect(rule.Properties.Priority).toBe(before[id].Properties.Priority);
      const holder = resourcesOf(before, 'ListenerRule').find(([, { Properties }]) =>
        Properties.Priority === rule.Properties.Priority && JSON.stringify(Properties.ListenerArn) === JSON.stringify(rule.Properties.ListenerArn));
      if (holder !== undefined) expect(holder[0]).toBe(id);
    }
  });
});
