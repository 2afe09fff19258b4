import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ClusterIngress, EcsMicroservice, FargateClusterProps, ServiceRoute } from '../../src';
import { RouteTable } from '../../src/ingress/route-table';
import { createCluster, createStack, IMAGE, warningsOf } from '../util/fixtures';

const near = (limit: string, ingress = 'InternalIngress') => expect.stringContaining(`/Stack/Platform/${ingress}: four fifths or more of the ${limit} that the load `
  + 'balancer may have are in use; plan a second cluster, whose ingress has a load balancer of its own, or ask AWS for a higher quota where it gives one '
  + '[ack: cdk-ecs-workloads:ingressNearLimit]');

/** One service with so many paths of its own that it takes the given number of rules. */
function createRules(rules: number, props: FargateClusterProps = {}) {
  const stack = createStack();
  const cluster = createCluster(stack, { internalIngress: ClusterIngress.internalAlb(), ...props });
  new EcsMicroservice(stack, 'Orders', {
    cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: Array.from({ length: rules * 5 }, (_, index) => `/${index}`), priority: 1 })],
  });
  return { stack, cluster };
}

describe('limits of a load balancer', () => {
  test.each([[79, []], [80, [near('100 rules')]], [100, [near('100 rules')]]])('%s rules of 100', (rules, expected) => {
    expect(warningsOf(createRules(rules).stack)).toEqual(expected);
  });

  test('warn once, however many services follow', () => {
    const { stack, cluster } = createRules(80);
    new EcsMicroservice(stack, 'Users', { cluster, image: IMAGE, routes: [ServiceRoute.insideVpc({ paths: ['/users'] })] });
    expect(warningsOf(stack)).toEqual([near('100 rules')]);
  });

  test('fails when there is one rule too many', () => {
    expect(() => createRules(101)).toThrow("'routes' of all services on one load balancer must be 100 rules together at most, and Stack/Orders asks for "
      + 'number 101; put it into another cluster, whose ingress has a load balancer of its own (at Stack/Orders)');
  });

  test('follow a raised quota', () => {
    expect(warningsOf(createRules(101, { internalIngress: ClusterIngress.internalAlb({ ruleQuota: 200 }) }).stack)).toEqual([]);
    expect(() => ClusterIngress.internalAlb({ ruleQuota: 0 })).toThrow(
      "'ruleQuota' must be between 1 and 45000, got 0; take it from the Service Quotas of your account");
  });

  test('fails when there is one target group too many, and warns before', () => {
    const table = new RouteTable();
    for (let count = 1; count < 80; count++) expect(table.addTargetGroup('Stack/A')).toBeUndefined();
    expect(table.nearLimits()).toEqual([]);
    for (let count = 80; count <= 100; count++) expect(table.addTargetGroup('Stack/A')).toBeUndefined();
    expect(table.nearLimits()).toEqual(['100 target groups']);
    expect(table.addTargetGroup('Stack/B')).toBe("'routes' lead to 100 target groups on one load balancer at most, and Stack/B asks for one more; "
      + 'put it into another cluster, whose ingress has a load balancer of its own');
  });

  test('warn of certificates', () => {
    const warnings = (count: number) => {
      const stack = createStack();
      const certificates = Array.from({ length: count }, (_, index) => acm.Certificate.fromCertificateArn(stack, `Certificate${index}`,
        `arn:aws:acm:us-east-1:123456789012:certificate/${index}`));
      createCluster(stack, { ingress: ClusterIngress.publicAlb({ certificates }) }).publicIngress();
      return warningsOf(stack);
    };
    expect(warnings(20)).toEqual([]);
    expect(warnings(21)).toEqual([near('25 further certificates', 'PublicIngress')]);
  });

  test('of a security group: warn of many sources, and fail when there are too many', () => {
    const createSources = (count: number) => {
      const stack = createStack();
      createCluster(stack, {
        internalIngress: ClusterIngress.internalAlb({ allowedSources: Array.from({ length: count }, (_, index) => ec2.Peer.ipv4(`10.${index}.0.0/16`)) }),
      }).internalIngress();
      return stack;
    };
    expect(warningsOf(createSources(47))).toEqual([]);
    expect(warningsOf(createSources(48))).toEqual([near('60 rules of its security group')]);
    expect(() => createSources(61)).toThrow("'allowedSources' must come to 60 rules of the load balancer's security group at most, one for each source and "
      + 'port, got 61; use wider address ranges or a prefix list (at Stack/Platform/InternalIngress)');
  });
});
