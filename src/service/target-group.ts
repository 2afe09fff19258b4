import { createHash } from 'crypto';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Tokenization } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceExposureProps } from './service-exposure';
import { countTargetGroup } from '../ingress/ingress-limits';
import type { ISharedIngress } from '../ingress/ishared-ingress';

/** What CloudFormation cannot change of a target group: another value is another group. */
type CreateOnly = Required<Pick<elbv2.CfnTargetGroupProps, 'targetType' | 'protocol' | 'port'>> & Pick<elbv2.CfnTargetGroupProps, 'protocolVersion'>;

/** The group of a service's tasks behind one load balancer. A strategy that shifts requests has a second one, with a prefix. */
export function createTargetGroup(scope: Construct, ingress: ISharedIngress, props: ServiceExposureProps, prefix = ''): elbv2.CfnTargetGroup {
  countTargetGroup(scope, ingress);
  const { healthCheck, protocol } = props;
  const { protocolVersion, matcher } = protocol._targetGroup(healthCheck.path);
  const createOnly: CreateOnly = {
    targetType: 'ip',
    protocol: 'HTTP',
    port: 80, // tasks register with their own port: this one is never used, and a change of it would replace the group
    protocolVersion,
  };
  return new elbv2.CfnTargetGroup(scope, `${prefix}${targetGroupId(ingress, createOnly)}`, {
    ...createOnly,
    vpcId: props.cluster.vpc.vpcId,
    healthCheckPath: healthCheck.path,
    matcher,
    healthCheckIntervalSeconds: healthCheck.interval.toSeconds(),
    healthCheckTimeoutSeconds: healthCheck.timeout.toSeconds(),
    healthyThresholdCount: healthCheck.healthyThreshold,
    unhealthyThresholdCount: healthCheck.unhealthyThreshold,
    targetGroupAttributes: [
      { key: 'deregistration_delay.timeout_seconds', value: Tokenization.stringifyNumber(props.maxRequestTime.toSeconds()) },
      ...protocol._targetGroupAttributes,
    ],
  });
}

/**
 * A target group belongs to one load balancer for life. So one for another load balancer, or one that CloudFormation would have to replace, gets
 * another logical id: the old group stays with the old rules until those are gone, and no rule ever ties a group to a second load balancer.
 */
function targetGroupId(ingress: ISharedIngress, createOnly: CreateOnly): string {
  return `TargetGroup${createHash('sha256').update(JSON.stringify([ingress._identity, createOnly])).digest('hex').slice(0, 8)}`;
}
