import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancedFargateService } from 'aws-cdk-lib/aws-ecs-patterns';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { App, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ACKNOWLEDGED, Acknowledged, PUBLIC_SERVICE } from './acknowledged';
import { ShopStack } from '../../examples/shop/typescript/shop-stack';
import { ClusterIngress, ClusterProfile, EcsMicroservice, FargateCluster, ServiceRoute } from '../../src';
import { ENV, IMAGE } from '../util/fixtures';

/** Rule and path below the stack of each finding. */
function findingsOf(stack: Stack): string[] {
  const { violations } = new AwsSolutionsChecks(stack.node.root).validateScope(stack.node.root);
  return violations.flatMap((violation) => violation.violatingResources
    .map((resource) => `${violation.ruleName} ${resource.constructPath!.replace(`${stack.node.path}/`, '')}`)).sort();
}

function linesOf(entries: Acknowledged[]): string[] {
  return entries.flatMap((entry) => entry.rules.flatMap((rule) => entry.resources.map((resource) => `${rule} ${resource}`))).sort();
}

/** cdk-nag AwsSolutions on the example application, in each profile. */
describe.each([ClusterProfile.PRODUCTION, ClusterProfile.DEVELOPMENT])('AwsSolutions on the shop in %s', (profile) => {
  const stack = new ShopStack(new App({ analyticsReporting: false }), 'Shop', { profile, env: ENV });

  test('has no finding without a reason, and no reason without a finding', () => {
    const entries = ACKNOWLEDGED.filter((entry) => entry.profiles === undefined || entry.profiles.includes(profile));
    expect(findingsOf(stack)).toEqual(linesOf(entries));
  });
});

describe('AwsSolutions on one public service with HTTPS', () => {
  const domainName = 'api.example.com';
  const withZone = (make: (stack: Stack, zone: route53.IHostedZone) => void) => {
    const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
    make(stack, route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }));
    return findingsOf(stack);
  };

  test('has no finding without a reason', () => {
    const found = withZone((stack, hostedZone) => {
      const cluster = new FargateCluster(stack, 'Platform', { ingress: ClusterIngress.publicAlb({ domainName, hostedZone }) });
      new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing()] });
    });
    expect(found).toEqual(linesOf(PUBLIC_SERVICE));
  });

  test('has three that ecs-patterns has as errors no longer: flow log, Container Insights, access logs', () => {
    const found = withZone((stack, domainZone) => {
      const vpc = new ec2.Vpc(stack, 'Vpc');
      new ApplicationLoadBalancedFargateService(stack, 'Orders', {
        vpc, domainName, domainZone, taskImageOptions: { image: IMAGE, environment: { PORT: '8080' } },
      });
    });
    const rules = found.map((finding) => finding.split(' ')[0]);
    expect(rules).toEqual(['EC23', 'ECS2', 'ECS4', 'ELB2', 'VPC7'].map((rule) => `AwsSolutions-${rule}`));
  });
});

test('each acknowledgement has a reason that says something', () => {
  expect([...ACKNOWLEDGED, ...PUBLIC_SERVICE].filter((entry) => entry.reason.split(' ').length < 6)).toEqual([]);
});
