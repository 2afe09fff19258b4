import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OPEN_EGRESS } from './cluster-egress';
import { DeclaredEndpoints } from './declared-endpoints';
import type { NetworkConfig } from './network-config';
import type { ExistingNetworkOptions } from './network-options';
import { fail, show } from '../private/fail';

/** Takes subnets of a VPC as they are, if tasks in them can pull their images as far as synthesis knows. `prop` is what the user calls the VPC. */
export function bindExistingNetwork(scope: Construct, vpc: ec2.IVpc, options: ExistingNetworkOptions, prop = 'network'): NetworkConfig {
  const taskSubnets = options.taskSubnets ?? defaultSubnets(scope, vpc, options, prop);
  const { subnets, hasPublic, internetConnectivityEstablished } = vpc.selectSubnets(taskSubnets);
  if (subnets.length === 0) {
    fail(scope, "'taskSubnets' selects no subnet of the network; choose one that has some");
  }
  if (options.endpoints === undefined) rejectIsolated(scope, vpc, subnets);
  if (options.endpoints !== undefined && hasPublic) {
    fail(scope, "'endpoints' is for subnets that have no other way out, got public subnets in 'taskSubnets'; omit it or choose isolated subnets");
  }
  return {
    vpc,
    taskSubnets,
    // in a public subnet, only a public address leads out.
    assignPublicIp: hasPublic,
    egress: options.endpoints === undefined ? OPEN_EGRESS : new DeclaredEndpoints(scope, options.endpoints),
    prerequisites: [internetConnectivityEstablished],
  };
}

function defaultSubnets(scope: Construct, vpc: ec2.IVpc, options: ExistingNetworkOptions, prop: string): ec2.SubnetSelection {
  if (options.endpoints !== undefined) {
    if (vpc.isolatedSubnets.length > 0) return { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    fail(scope, `'${prop}' has no isolated subnets to which 'endpoints' could belong; pass 'taskSubnets' with the subnets that have them`);
  }
  if (vpc.privateSubnets.length === 0) {
    fail(scope, `'${prop}' has no private subnets with a route out, so tasks could not pull their images; `
      + "pass 'taskSubnets' with subnets that reach the image registry");
  }
  return { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
}

function rejectIsolated(scope: Construct, vpc: ec2.IVpc, subnets: ec2.ISubnet[]): void {
  const isAmong = (known: ec2.ISubnet[], subnet: ec2.ISubnet) => known.some((other) => other === subnet || other.subnetId === subnet.subnetId);
  // before a VPC is looked up, the CDK puts one in its place whose private and isolated subnets are the same.
  const isolated = subnets.filter((subnet) => isAmong(vpc.isolatedSubnets, subnet) && !isAmong(vpc.privateSubnets, subnet));
  if (isolated.length === 0) return;
  const names = isolated.map(({ node, subnetId }) => Token.isUnresolved(subnetId) ? node.path : subnetId);
  fail(scope, `'taskSubnets' must have a way to the image registry, got isolated subnets ${show(names)}, in which no task could pull its image; `
    + "choose private subnets with a route out, or list in 'endpoints' the VPC endpoints that these subnets have");
}
