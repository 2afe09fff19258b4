import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';

/**
 * Lets the execution role read a container's environment files: these objects alone. CDK leaves it to the user.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
 */
export function grantEnvironmentFiles(container: ecs.ContainerDefinition, role: iam.IRole): void {
  const partition = Stack.of(container).partition;
  for (const { s3Location: { bucketName, objectKey } } of container.environmentFiles ?? []) {
    const bucketArn = `arn:${partition}:s3:::${bucketName}`;
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`${bucketArn}/${objectKey}`] }));
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [bucketArn] }));
  }
}
