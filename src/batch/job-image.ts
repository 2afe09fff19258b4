import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Makes an image of ECS usable in a job definition and lets the execution role pull it.
 *
 * Images know how to join a container of an ECS task definition. Of that container they use its execution role alone, so that is all it has.
 */
export function bindImage(scope: Construct, image: ecs.ContainerImage, executionRole: iam.IRole): ecs.ContainerImageConfig {
  const container = { taskDefinition: { obtainExecutionRole: () => executionRole } };
  return image.bind(scope, container as unknown as ecs.ContainerDefinition);
}
