import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** What may reach a workload on which port. */
export interface IngressRule {
  readonly from: ec2.ISecurityGroup;
  readonly port: number;
  /** @default 'tcp' */
  readonly protocol?: string;
}

/**
 * A security group that lets out everything (what EC2 does with a group that has no outbound rule) and lets in only what is listed, in one resource.
 *
 * The L2 writes each rule that names another security group as a resource of its own. Rules known at construction stand inline here;
 * what users add later through `connections` becomes a rule resource, in the stack of the one who adds it.
 */
export function createSecurityGroup(
  scope: Construct, id: string, vpc: ec2.IVpc, description: string, ingress: IngressRule[] = [],
): ec2.ISecurityGroup {
  const resource = new ec2.CfnSecurityGroup(scope, id, {
    groupDescription: description,
    vpcId: vpc.vpcId,
    securityGroupIngress: ingress.length === 0 ? undefined : ingress.map((rule) => ({
      sourceSecurityGroupId: rule.from.securityGroupId,
      ipProtocol: rule.protocol ?? 'tcp',
      fromPort: rule.port,
      toPort: rule.port,
    })),
  });
  return ec2.SecurityGroup.fromSecurityGroupId(scope, `${id}View`, resource.attrGroupId, { allowAllOutbound: true });
}
