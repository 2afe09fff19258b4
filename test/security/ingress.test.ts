import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type { Stack } from 'aws-cdk-lib/core';
import { EcsMicroservice, FargateCluster, ServiceProtocol, ServiceRoute } from '../../src';
import { APPLICATIONS } from '../contract/applications';
import { createStack, IMAGE } from '../util/fixtures';

type Json = Record<string, any>;

/** Rules that let the whole internet in, as `group: ports`. */
function openDoors(declare: (stack: Stack) => void): string[] {
  const stack = createStack();
  declare(stack);
  const resources: Record<string, Json> = Template.fromStack(stack).toJSON().Resources;
  const inline = ofType(resources, 'AWS::EC2::SecurityGroup').flatMap(([id, { Properties }]) =>
    (Properties.SecurityGroupIngress ?? []).map((rule: Json): [string, Json] => [id, rule]));
  const own = ofType(resources, 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]): [string, Json] => [groupOf(Properties.GroupId), Properties]);
  return [...inline, ...own]
    .filter(([, rule]) => [rule.CidrIp, rule.CidrIpv6].some((range) => range === '0.0.0.0/0' || range === '::/0'))
    .map(([group, { IpProtocol, FromPort, ToPort }]) => `${group.replace(/[0-9A-F]{8}$/, '')}: ${IpProtocol} ${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`}`);
}

function groupOf(id: Json | string): string {
  return typeof id === 'string' ? id : id['Fn::GetAtt'][0];
}

function ofType(resources: Record<string, Json>, type: string): [string, Json][] {
  return Object.entries(resources).filter(([, { Type }]) => Type === type);
}

/** Groups of load balancers that were asked to be public. */
const PUBLIC = /^(Cluster|Platform)Public(Network)?IngressSecurityGroup: tcp \d+$/;

test.each(Object.entries(APPLICATIONS))('%s lets the internet in by public load balancers only', (_, declare) => {
  expect(openDoors(declare).filter((door) => !PUBLIC.test(door))).toEqual([]);
});

test('a public load balancer is open at the ports of its listeners', () => {
  expect(openDoors((stack) => {
    const cluster = new FargateCluster(stack, 'Platform');
    new EcsMicroservice(stack, 'Web', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing(), ServiceRoute.insideVpc()] });
  })).toEqual(['PlatformPublicIngressSecurityGroup: tcp 80']);
  const certificates = [acm.Certificate.fromCertificateArn(createStack(), 'C', 'arn:aws:acm:us-east-1:123456789012:certificate/1')];
  expect(openDoors((stack) => {
    const routes = [ServiceRoute.tls({ port: 8883, internetFacing: true, certificates })];
    new EcsMicroservice(stack, 'Web', { cluster: new FargateCluster(stack, 'Platform'), image: IMAGE, protocol: ServiceProtocol.tcp(), routes });
  })).toEqual(['PlatformPublicNetworkIngressSecurityGroup: tcp 8883']);
});

test('no task and no instance has a public address where there are private subnets', () => {
  for (const [name, declare] of Object.entries(APPLICATIONS)) {
    const stack = createStack();
    declare(stack);
    const services = ofType(Template.fromStack(stack).toJSON().Resources, 'AWS::ECS::Service');
    const addresses = services.map(([, { Properties }]) => Properties.NetworkConfiguration?.AwsvpcConfiguration?.AssignPublicIp);
    expect([name, addresses.filter((address) => address !== 'DISABLED')]).toEqual([name, []]);
  }
});
