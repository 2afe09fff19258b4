import { createHash } from 'crypto';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { NetworkRouteConfig } from './network-route';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { INetworkIngress } from '../ingress/inetwork-ingress';
import { fail } from '../private/fail';

/**
 * The listener of a port with its doors in the security group; gives what a service must wait for.
 *
 * It stands beside the load balancer where both lie in one stack, and its id is its port. So a service that is renamed, or hands its port over to another
 * one, leads to an update of the listener in place: CloudFormation would make a second listener before it removes the first, which a port refuses.
 */
export function createNetworkListener(
  service: Construct, ingress: INetworkIngress, cluster: IFargateCluster, route: NetworkRouteConfig, targetGroup: elbv2.CfnTargetGroup,
): elbv2.CfnListener {
  const scope = Stack.of(service) === Stack.of(ingress)
    ? new Construct(ingress, `Port${route.port}`)
    : new Construct(service, `${route.internetFacing ? 'Public' : 'Internal'}Listener${route.port}`);
  const [first, ...others] = route.certificates;
  const listener = new elbv2.CfnListener(scope, 'Listener', {
    loadBalancerArn: ingress.loadBalancerArn,
    port: route.port,
    protocol: route.listenerProtocol,
    certificates: first && [{ certificateArn: first.certificateArn }],
    sslPolicy: first && elbv2.SslPolicy.RECOMMENDED_TLS,
    defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.ref }],
  });
  if (others.length > 0) {
    new elbv2.CfnListenerCertificate(scope, 'Certificates', {
      listenerArn: listener.ref, certificates: others.map(({ certificateArn }) => ({ certificateArn })),
    });
  }
  openPort(scope, ingress, cluster, route);
  return listener;
}

function openPort(scope: Construct, ingress: INetworkIngress, cluster: IFargateCluster, route: NetworkRouteConfig): void {
  const sources = route.allowedSources ?? [route.internetFacing ? ec2.Peer.anyIpv4() : ec2.Peer.ipv4(addressRangeOf(scope, cluster))];
  for (const source of sources) {
    const rule = source.toIngressRuleConfig();
    const key = createHash('sha256').update(JSON.stringify(Stack.of(scope).resolve(rule))).digest('hex').slice(0, 8);
    if (scope.node.tryFindChild(`From${key}`) !== undefined) continue; // given twice
    new ec2.CfnSecurityGroupIngress(scope, `From${key}`, {
      ...rule,
      groupId: ingress.securityGroup.securityGroupId,
      ipProtocol: route.transport,
      fromPort: route.port,
      toPort: route.port,
      description: `${route.listenerProtocol} port ${route.port}`,
    });
  }
}

/** An imported VPC need not know its range, and says so by throwing an error of its own. */
function addressRangeOf(scope: Construct, cluster: IFargateCluster): string {
  try {
    return cluster.vpc.vpcCidrBlock;
  } catch {
    return fail(scope, "'allowedSources' of a route must be given where the address range of the network is not known; "
      + "add it, or 'vpcCidrBlock' where the VPC is imported");
  }
}
