import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { longestChain } from '../../bench/lib/dependency-chain.mjs';
import { idleCost } from '../../bench/lib/idle-cost.mjs';
import { renderPage } from '../../bench/lib/page.mjs';
import { sharesOf } from '../../bench/lib/profile.mjs';
import { rollOut } from '../../bench/lib/roll-out.mjs';
import { interleaved, median, ratio } from '../../bench/lib/rounds.mjs';
import { isMet, table } from '../../bench/lib/section.mjs';

const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

test('alternatives are measured in turn, and compared within a round', async () => {
  const order = [];
  const results = await interleaved({ one: async () => order.push('one'), other: async () => order.push('other') }, 2);
  assert.deepEqual(order, ['one', 'other', 'one', 'other']);
  assert.deepEqual(results, { one: [1, 3], other: [2, 4] });
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([1, 2, 3, 10]), 2.5);
  assert.equal(ratio([{ cpu: 2 }, { cpu: 30 }, { cpu: 9 }], [{ cpu: 1 }, { cpu: 10 }, { cpu: 1 }], 'cpu'), 3);
});

test('a roll-out waits for the health check, for each wave, and for the drain', () => {
  const service = (deployment, group, container) => ({
    Group: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: group },
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [container] } },
    Service: { Type: 'AWS::ECS::Service', Properties: { DeploymentConfiguration: deployment } },
  });
  const drain = (Value) => [{ Key: 'deregistration_delay.timeout_seconds', Value }];
  const quick = rollOut(service({ DeploymentCircuitBreaker: { Enable: true } },
    { HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2, TargetGroupAttributes: drain('30') }, { StopTimeout: 60 }));
  assert.deepEqual([quick.serve, quick.steady, quick.worst, quick.waves, quick.hasBreaker], [65, 97, 155, 1, true]);
  const plain = rollOut(service({ MinimumHealthyPercent: 50, MaximumPercent: 200 }, {}, {}));
  assert.deepEqual([plain.serve, plain.steady, plain.worst, plain.hasBreaker], [195, 497, 525, false]);
  assert.equal(rollOut(service({ MinimumHealthyPercent: 75, MaximumPercent: 150 }, {}, {})).waves, 2);
  assert.equal(rollOut(service({ MinimumHealthyPercent: 50, MaximumPercent: 100 }, {}, {})).waves, 2);
});

test('the longest chain goes along all kinds of references', () => {
  const { seconds, chain } = longestChain({
    Vpc: { Type: 'AWS::EC2::VPC' },
    Alb: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Subnets: [{ Ref: 'Vpc' }] } },
    Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { Arn: { 'Fn::GetAtt': ['Alb', 'Arn'] } } },
    Service: { Type: 'AWS::ECS::Service', DependsOn: ['Rule'] },
    Target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { Id: { 'Fn::Sub': 'service/${AWS::Region}/${Service.Name}' } } },
    Other: { Type: 'AWS::IAM::Role', Properties: { Account: { Ref: 'AWS::AccountId' } } },
  }, 60);
  assert.equal(seconds, 15 + 150 + 5 + 60 + 5);
  assert.deepEqual(chain, ['EC2::VPC', 'ElasticLoadBalancingV2::LoadBalancer', 'ElasticLoadBalancingV2::ListenerRule', 'ECS::Service', 'ApplicationAutoScaling::ScalableTarget']);
});

test('what stands idle is counted: load balancers with addresses, gateways, places of endpoints, addresses of tasks, keys, alarms, insights', () => {
  const prices = {
    hoursInMonth: 10,
    perHour: { loadBalancer: 1, natGateway: 2, interfaceEndpointInZone: 3, publicAddress: 5 },
    perMonth: { key: 7, alarm: 11, dashboard: 13, insightsMetric: 1 },
  };
  const cost = (resources) => idleCost(Object.fromEntries(resources.map((resource, index) => [`R${index}`, resource])), prices, 2);
  assert.equal(cost([{ Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing' } }]).network, 10 * (1 + 2 * 5));
  assert.equal(cost([{ Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } }]).network, 10);
  assert.equal(cost([{ Type: 'AWS::EC2::NatGateway' }]).network, 10 * (2 + 5));
  assert.equal(cost([{ Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] } }, { Type: 'AWS::EC2::VPCEndpoint' }]).network, 60);
  assert.equal(cost([{ Type: 'AWS::ECS::Service', Properties: { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } } }]).network, 100);
  assert.equal(cost([{ Type: 'AWS::KMS::Key' }]).network, 7);
  assert.equal(cost([{ Type: 'AWS::CloudWatch::Alarm' }, { Type: 'AWS::CloudWatch::Dashboard' }]).observability, 24);
  const cluster = { Type: 'AWS::ECS::Cluster', Properties: { ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }] } };
  assert.equal(cost([cluster, { Type: 'AWS::ECS::Service' }]).observability, (1 + 1 + 2 * 2) * 15);
});

test('one price is the same on all pages', () => {
  const [bench, network, capacity] = ['bench/prices.json', 'scripts/network-prices.json', 'scripts/capacity-prices.json'].map(read);
  for (const prices of [network, capacity]) {
    for (const key of Object.keys(prices.perHour).filter((name) => name in bench.perHour)) assert.equal(prices.perHour[key], bench.perHour[key], key);
  }
  assert.equal(bench.perMonth.key, network.perMonth.key);
});

test('a target is met up to its limit, and numbers stand to the right', () => {
  assert.equal(isMet({ value: 10, limit: 10 }), true);
  assert.equal(isMet({ value: 10.1, limit: 10 }), false);
  assert.equal(table(['A', 'B'], [['x', 1], ['y', '2.5']]), '| A | B |\n| --- | ---: |\n| x | 1 |\n| y | 2.5 |');
});

test('a profile is told by area, without the time in which nothing ran', () => {
  const node = (id, functionName, url = '') => ({ id, callFrame: { functionName, url } });
  const shares = sharesOf({
    nodes: [node(1, '(idle)'), node(2, 'f', 'file:///x/cdk-ecs-workloads/lib/modules.js'), node(3, '(garbage collector)'), node(4, 'resolve', '/aws-cdk-lib/core/lib/private/resolve.js')],
    samples: [1, 2, 3, 4],
    timeDeltas: [1000, 50, 25, 25],
  });
  assert.deepEqual([shares['the library'], shares['garbage collection'], shares['token resolution']], [50, 25, 25]);
  assert.equal('not running' in shares, false);
});

test('a section that is measured alone takes its place in the page, with its targets', () => {
  const titles = ['One', 'Two'];
  const first = renderPage([
    { title: 'One', markdown: 'first', targets: [{ what: 'speed', value: 3, limit: 2 }, { what: 'size', value: 1, limit: 2 }] },
    { title: 'Two', markdown: 'text\n\n| a |\n| --- |', targets: [{ what: 'cost', value: 1, limit: 2 }] },
  ], titles);
  const second = renderPage([{ title: 'One', markdown: 'second', targets: [{ what: 'speed', value: 1, limit: 2 }, { what: 'new', value: 1, limit: 2 }] }], titles, first);
  assert.equal(second, first.replace('first', 'second').replace('| speed | 2.00 | 3.00 | **no** |', '| speed | 2.00 | 1.00 | yes |')
    .replace('| cost | 2.00 | 1.00 | yes |\n', '| cost | 2.00 | 1.00 | yes |\n| new | 2.00 | 1.00 | yes |\n'));
});
