import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { App, NestedStack, Stack } from 'aws-cdk-lib/core';
import { EcsMicroservice, FargateCluster, ServiceRoute } from '../../src';
import { ENV, IMAGE } from '../util/fixtures';

type Names = 'platform' | 'orders' | 'web';

/** Where the cluster and the two services stand: every way to spread them over stacks, by the name of the stack. */
const PLACES: Record<Names, string>[] = [
  { platform: 'One', orders: 'One', web: 'One' },
  { platform: 'One', orders: 'Two', web: 'Two' },
  { platform: 'One', orders: 'One', web: 'Two' },
  { platform: 'One', orders: 'Two', web: 'Three' },
];

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]));
}

/** Declares stacks in one order and what stands in them in another; the connection comes as soon as both services are there, or at the end of all. */
function declare(places: Record<Names, string>, stackOrder: string[], order: ('orders' | 'web')[], connectLast: boolean): App {
  const app = new App({ analyticsReporting: false });
  const stacks = new Map(stackOrder.map((name) => [name, new Stack(app, name, { env: ENV })]));
  const cluster = new FargateCluster(stacks.get(places.platform)!, 'Platform');
  const services: Partial<Record<'orders' | 'web', EcsMicroservice>> = {};
  for (const name of order) {
    services[name] = new EcsMicroservice(stacks.get(places[name])!, name, {
      cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: [`/${name}`] })],
    });
  }
  if (!connectLast) services.web!.connectTo(services.orders!);
  const database = new ec2.SecurityGroup(stacks.get(places.platform)!, 'Database', { vpc: cluster.vpc });
  services.orders!.connections.allowTo(database, ec2.Port.tcp(5432));
  if (connectLast) services.web!.connectTo(services.orders!);
  return app;
}

const ORDERS = permutations<'orders' | 'web'>(['orders', 'web']);

describe('a cluster and its services over several stacks', () => {
  describe.each(PLACES)('cluster in $platform, orders in $orders, web in $web', (places) => {
    const names = [...new Set(Object.values(places))];
    const cases = permutations(names).flatMap((stackOrder) =>
      ORDERS.flatMap((order) => [true, false].map((connectLast) => ({ stackOrder, order, connectLast }))));

    test('in any order of declaration, deploys the same stacks in an order that exists', () => {
      const declared = cases.map(({ stackOrder, order, connectLast }) => {
        const assembly = declare(places, stackOrder, order, connectLast).synth();
        return {
          dependencies: Object.fromEntries(assembly.stacks.map((stack) => [
            stack.stackName, stack.dependencies.map(({ id }) => id).filter((id) => names.includes(id)).sort(),
          ])),
          resources: Object.fromEntries(assembly.stacks.map((stack) => [stack.stackName, Object.keys(stack.template.Resources).sort()])),
        };
      });
      declared.forEach((one) => expect(one).toEqual(declared[0]));
      // a service's stack depends on the cluster's and on those it calls, never the other way round.
      for (const [stack, on] of Object.entries(declared[0].dependencies)) {
        const expected = [
          ...stack !== places.platform ? [places.platform] : [],
          ...stack === places.web && places.orders !== places.web ? [places.orders] : [],
        ].filter((name) => name !== stack);
        expect([stack, on]).toEqual([stack, [...new Set(expected)].sort()]);
      }
    });
  });

  test('rules of the listener and of the security groups are made in the stack of the service', () => {
    const app = declare({ platform: 'One', orders: 'Two', web: 'Three' }, ['One', 'Two', 'Three'], ['orders', 'web'], true);
    const [platform, orders, web] = ['One', 'Two', 'Three'].map((name) => Template.fromStack(app.node.findChild(name) as Stack));
    platform.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
    platform.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
    platform.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    platform.resourceCountIs('AWS::EC2::SecurityGroupEgress', 0);
    for (const template of [orders, web]) {
      template.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 1);
      template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [Match.objectLike({ FromPort: 8080 })] });
    }
    web.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 8080, SourceSecurityGroupId: Match.anyValue() });
    orders.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5432, GroupId: { 'Fn::ImportValue': Match.anyValue() } });
  });

  test('allowFrom and allowTo between L2 of different stacks put the rule into the stack of the one who calls', () => {
    for (const call of ['allowFrom', 'allowTo'] as const) {
      const app = new App({ analyticsReporting: false });
      const [one, two] = ['One', 'Two'].map((name) => new Stack(app, name, { env: ENV }));
      const cluster = new FargateCluster(one, 'Platform');
      const batch = new ec2.SecurityGroup(one, 'Batch', { vpc: cluster.vpc });
      const orders = new EcsMicroservice(two, 'Orders', { cluster, image: IMAGE });
      orders.connections[call](batch, ec2.Port.tcp(8080));
      expect(app.synth().getStackByName('Two').dependencies.map(({ id }) => id)).toContain('One');
      Template.fromStack(two).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
      Template.fromStack(one).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    }
  });
});

describe('connectTo between stacks', () => {
  function app() {
    const root = new App({ analyticsReporting: false });
    const [one, two, three] = ['One', 'Two', 'Three'].map((name) => new Stack(root, name, { env: ENV }));
    const cluster = new FargateCluster(one, 'Platform');
    const service = (stack: Stack, id: string) => new EcsMicroservice(stack, id, { cluster, image: IMAGE });
    return { root, one, two, three, service };
  }

  test('fails when two stacks would have to wait for each other', () => {
    const { two, three, service } = app();
    service(two, 'Web').connectTo(service(three, 'Orders'));
    const [mailer, users] = [service(three, 'Mailer'), service(two, 'Users')];
    expect(() => mailer.connectTo(users)).toThrow(new Error(
      "'connectTo' cannot connect Three/Mailer to Two/Users: stack Two is deployed after stack Three, because of other connections or references, and cannot be "
      + 'deployed before it as well; put services that call each other both ways into one stack, or call this one through a route (at Three/Mailer)',
    ));
  });

  test('fails when the stacks of three would form a ring', () => {
    const { root, two, three, service } = app();
    const four = new Stack(root, 'Four', { env: ENV });
    service(two, 'A').connectTo(service(three, 'B'));
    service(three, 'C').connectTo(service(four, 'D'));
    const [e, f] = [service(four, 'E'), service(two, 'F')];
    expect(() => e.connectTo(f)).toThrow(/stack Two is deployed after stack Four, because of other connections or references/);
  });

  test('fails when a service in the stack of the cluster calls one in a stack that comes after it', () => {
    const { one, two, service } = app();
    const [web, orders] = [service(one, 'Web'), service(two, 'Orders')];
    expect(() => web.connectTo(orders)).toThrow(new Error(
      "'connectTo' cannot connect One/Web to Two/Orders: stack Two is deployed after stack One, which has its cluster, and cannot be deployed before it as well; "
      + 'put services that call each other both ways into one stack, or call this one through a route (at One/Web)',
    ));
  });

  test('takes nested stacks for the stack that they are deployed with', () => {
    const { root, one, two, service } = app();
    const nested = new NestedStack(one, 'Nested');
    service(nested, 'Web').connectTo(service(one, 'Orders'));
    service(two, 'Mailer').connectTo(service(nested, 'Users'));
    expect(() => root.synth()).not.toThrow();
    const [users, late] = [service(nested, 'More'), service(two, 'Late')];
    expect(() => users.connectTo(late)).toThrow(/stack Two is deployed after stack One, which has its cluster/);
  });
});
