import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnParameter } from 'aws-cdk-lib/core';
import { EcsMicroservice, ServiceRoute, ServiceRouteOptions } from '../../src';
import { createCluster, createService, createStack, IMAGE, warningsOf } from '../util/fixtures';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** The rules of a service in the order of their priorities. */
function rulesOf(options: ServiceRouteOptions) {
  const found = createService({ routes: [ServiceRoute.internetFacing(options)] }).template().findResources(RULE);
  return Object.entries(found).map(([id, { Properties }]) => ({ id, ...Properties })).sort((one, other) => one.Priority - other.Priority);
}

describe('ServiceRoute', () => {
  test('renders each kind of condition', () => {
    createService({
      routes: [ServiceRoute.internetFacing({ methods: ['GET', 'HEAD'], headers: { 'X-Beta': ['yes'] }, query: { version: ['2'] }, sourceIps: ['203.0.113.0/24'] })],
    }).template().hasResourceProperties(RULE, {
      Conditions: [
        { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET', 'HEAD'] } },
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Beta', Values: ['yes'] } },
        { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'version', Value: '2' }] } },
        { Field: 'source-ip', SourceIpConfig: { Values: ['203.0.113.0/24'] } },
      ],
    });
  });

  describe('with more than five values', () => {
    const paths = ['/a', '/b', '/c', '/d', '/e', '/f', '/g'];

    test('takes several rules to one target group, whose priorities and ids follow each other', () => {
      const rules = rulesOf({ paths });
      expect(rules.map(({ Conditions }) => Conditions[0].PathPatternConfig.Values).sort()).toEqual([['/a', '/b', '/c', '/d', '/e'], ['/f', '/g']]);
      expect(rules[1].Priority).toBe(rules[0].Priority + 1);
      expect(rules.map(({ id }) => id)).toEqual(rules.map(({ Priority }) => expect.stringContaining(`OrdersRoute${Priority}`)));
      expect(new Set(rules.map(({ Actions }) => Actions[0].TargetGroupArn.Ref)).size).toBe(1);
    });

    test('takes the numbers from a written priority on', () => {
      expect(rulesOf({ paths, priority: 7 }).map(({ Priority }) => Priority)).toEqual([7, 8]);
    });

    test("fails when a 'priority' of AWS's own is given", () => {
      const stack = createStack();
      const priority = new CfnParameter(stack, 'Priority', { type: 'Number' }).valueAsNumber;
      const cluster = createCluster(stack);
      new EcsMicroservice(stack, 'One', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/x'], priority })] });
      Template.fromStack(stack).hasResourceProperties(RULE, { Priority: { Ref: 'Priority' } });
      expect(() => new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths, priority })] })).toThrow(
        "'priority' of a route of Stack/Orders must be known at synthesis, because it takes 2 rules, which have the numbers from there on; "
        + 'pass a plain number or omit it to have it worked out (at Stack/Orders)');
    });
  });

  describe('from the internet and from inside the network at once', () => {
    const both = () => createService({ routes: [ServiceRoute.insideVpc({ paths: ['/orders/*'] }), ServiceRoute.internetFacing({ paths: ['/orders/*'] })] });

    test('has a target group and a rule on each load balancer, and both let in', () => {
      const { stack, service, template } = both();
      template().resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 2);
      template().resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 2);
      const rules = Object.entries(template().findResources(RULE));
      expect(new Set(rules.map(([, rule]) => rule.Properties.ListenerArn.Ref)).size).toBe(2);
      expect(rules.map(([id]) => id.replace(/\d+[0-9A-F]{8}$/, '')).sort()).toEqual(['OrdersInternalRoute', 'OrdersRoute']);
      template().hasResourceProperties('AWS::ECS::Service', {
        LoadBalancers: [service.targetGroup, service.internalTargetGroup]
          .map((group) => Match.objectLike({ TargetGroupArn: stack.resolve(group!.ref) })),
      });
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        GroupDescription: 'Tasks', SecurityGroupIngress: [Match.objectLike({ FromPort: 8080 }), Match.objectLike({ FromPort: 8080 })],
      });
    });

    test('has alarms for each', () => {
      const { stack } = both();
      for (const id of ['UnhealthyHostsAlarm', 'Internal/UnhealthyHostsAlarm']) {
        expect(id.split('/').reduce<import('constructs').IConstruct | undefined>((scope, name) => scope?.node.tryFindChild(name), stack.node.findChild('Orders'))).toBeDefined();
      }
    });

    test('the service waits for the rules of both', () => {
      const { template } = both();
      const rules = Object.keys(template().findResources(RULE));
      template().hasResource('AWS::ECS::Service', { DependsOn: Match.arrayWith(rules.sort()) });
    });
  });

  test('one path may be shared out by method, and the one with methods comes first', () => {
    const { stack, cluster } = createService({ routes: [ServiceRoute.internetFacing({ paths: ['/orders'] })] });
    const reader = new EcsMicroservice(stack, 'Reader', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing({ paths: ['/orders'], methods: ['GET'] })] });
    const rules = Object.values(Template.fromStack(stack).findResources(RULE))
      .sort((one, other) => one.Properties.Priority - other.Properties.Priority);
    expect(rules[0].Properties.Actions[0].TargetGroupArn).toEqual(stack.resolve(reader.targetGroup!.ref));
  });

  describe('that overlaps another one which is as specific', () => {
    const declare = (priority?: number) => {
      const { stack, cluster } = createService({ routes: [ServiceRoute.insideVpc({ paths: ['/orders'], methods: ['GET'] })] });
      const routes = [ServiceRoute.insideVpc({ paths: ['/orders'], headers: { 'X-Beta': ['yes'] }, priority })];
      new EcsMicroservice(stack, 'Beta', { cluster, image: IMAGE, routes });
      return warningsOf(stack);
    };

    test('is warned of, since a hash decides', () => {
      expect(declare()).toEqual([expect.stringContaining('overlap and neither is more specific, so that a hash decides: the former gets what both match; '
        + "write a 'priority' on one of them, or name in one what the other names too [ack: cdk-ecs-workloads:routeOrderUndecided]")]);
    });

    test('is not where a priority is written down', () => {
      expect(declare(7)).toEqual([]);
    });
  });

  test.each<[string, ServiceRouteOptions, string]>([
    ['a path without slash', { paths: ['orders/*'] }, "'paths' must start with '/' and have up to 128 letters, digits, '*', '?' and any of _-.$/~\"'@:+&, "
      + 'got "orders/*"; write \'/orders/*\', not \'orders\''],
    ['a host without a dot', { hosts: ['localhost'] }, "'hosts' must be names of up to 128 characters with at least one dot, got \"localhost\"; "
      + "write 'api.example.com' or '*.example.com'"],
    ['a method in small letters', { methods: ['get'] }, "'methods' must be request methods of up to 40 capital letters, '-' and '_', got \"get\"; write 'GET'"],
    ['a method with a wildcard', { methods: ['P*'] }, "'methods' must be request methods of up to 40 capital letters, '-' and '_', got \"P*\"; write 'GET'"],
    ['the host as a header', { headers: { host: ['a.b'] } }, "'headers' must be names of headers other than Host, of up to 40 characters, got \"host\"; "
      + "write 'X-Beta', and a host into 'hosts'"],
    ['a header twice', { headers: { 'X-Beta': ['a'], 'x-beta': ['b'] } }, "'headers' must name each once, whatever its case, got \"x-beta\" twice; "
      + 'put all values into one list'],
    ['a header without values', { headers: { 'X-Beta': [] } }, "'headers' must give one value at least for \"X-Beta\", got []; write '*' for any value"],
    ['a long value', { headers: { x: ['v'.repeat(129)] } }, `'headers.x' must have values of 1 to 128 visible ASCII characters, got "${'v'.repeat(129)}"; shorten it`],
    ['a key with a wildcard', { query: { 'v*': ['1'] } }, "'query' must be keys of up to 128 letters, digits and any of _-.$/~\"'@:+&()!,;= without wildcards, "
      + "got \"v*\"; write { version: ['2*'] }"],
    ['an empty value', { query: { v: [''] } }, "'query.v' must have values of 1 to 128 letters, digits, '*', '?' and any of _-.$/~\"'@:+&()!,;=, got \"\"; shorten it"],
    ['an address without length', { sourceIps: ['10.0.0.0'] }, "'sourceIps' must be address ranges in CIDR notation, got \"10.0.0.0\"; write '10.0.0.0/8' or '203.0.113.7/32'"],
    ['an impossible length', { sourceIps: ['10.0.0.0/33'] }, "'sourceIps' must be address ranges in CIDR notation, got \"10.0.0.0/33\"; write '10.0.0.0/8' or '203.0.113.7/32'"],
    ['a priority out of range', { priority: 0 }, "'priority' must be between 1 and 50000, got 0; omit it to have it worked out"],
    ['more at once than a rule holds', { paths: ['/*/*/*/*/*/*'] }, "a listener rule takes 5 values and 5 wildcards ('*', '?') at most, and this route asks for more "
      + 'at once, got {"paths":["/*/*/*/*/*/*"]}; name fewer headers and keys, or use fewer wildcards in a value'],
  ])('fails when it has %s', (_, options, message) => {
    expect(() => ServiceRoute.internetFacing(options)).toThrow(new Error(message));
    expect(() => ServiceRoute.insideVpc(options)).toThrow(new Error(message));
  });

  test('takes IPv6 ranges', () => {
    expect(rulesOf({ sourceIps: ['2001:db8::/32'] })).toHaveLength(1);
  });
});
