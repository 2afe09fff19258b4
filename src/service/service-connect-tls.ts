import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceConnectTls } from './service-discovery-options';
import { infrastructurePrincipal, WorkloadRole } from '../private/workload-role';

/** TLS of a service's proxies, with the role by which ECS gets the certificates and keeps their keys in Secrets Manager. */
export function createTls(
  scope: Construct, { certificateAuthority, key }: ServiceConnectTls, permissionsBoundary?: iam.IManagedPolicy,
): ecs.CfnService.ServiceConnectTlsConfigurationProperty {
  const awsPcaAuthorityArn = certificateAuthority.certificateAuthorityArn;
  const role = new WorkloadRole(scope, 'TlsRole', { assumedBy: infrastructurePrincipal(), permissionsBoundary });
  statements(scope, awsPcaAuthorityArn).forEach((statement) => role.addToPrincipalPolicy(statement));
  key?.grant(role, 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair');
  return { issuerCertificateAuthority: { awsPcaAuthorityArn }, kmsKey: key?.keyArn, roleArn: role.roleArn };
}

/**
 * What AWS's managed policy for this purpose allows, on this account, Region and authority only.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity.html
 */
function statements(scope: Construct, authorityArn: string): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const secrets = [stack.formatArn({ service: 'secretsmanager', resource: 'secret:ecs-sc!*' })];
  const services = stack.formatArn({ service: 'ecs', resource: 'service', resourceName: '*/*' });
  return [
    new iam.PolicyStatement({
      actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
      resources: secrets,
      conditions: { ArnLike: { 'aws:RequestTag/AmazonECSCreated': services }, StringEquals: { 'aws:RequestTag/AmazonECSManaged': 'true' } },
    }),
    new iam.PolicyStatement({
      actions: ['DescribeSecret', 'UpdateSecret', 'GetSecretValue', 'PutSecretValue', 'DeleteSecret', 'RotateSecret', 'UpdateSecretVersionStage']
        .map((action) => `secretsmanager:${action}`),
      resources: secrets, // names that only ECS can give
    }),
    new iam.PolicyStatement({
      actions: ['acm-pca:GetCertificate', 'acm-pca:GetCertificateAuthorityCertificate', 'acm-pca:DescribeCertificateAuthority'],
      resources: [authorityArn],
    }),
    new iam.PolicyStatement({
      actions: ['acm-pca:IssueCertificate'],
      resources: [authorityArn],
      conditions: { StringEquals: { 'acm-pca:TemplateArn': `arn:${stack.partition}:acm-pca:::template/EndEntityCertificate/V1` } },
    }),
  ];
}
