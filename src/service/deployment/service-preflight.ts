import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnResource, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { DeployedService } from './deployment-tasks';
import { HandlerFunction } from '../../private/handler-function';
import { registryOf } from '../../private/image-registry';
import { NarrowedPrincipal } from '../../task/narrowed-principal';

/** Looks whether the image and the secrets of a service are there, before the service is made or changed. */
export class ServicePreflight extends Construct {
  /** What the service waits for. */
  public readonly resource: CfnResource;

  constructor(scope: Construct, id: string, { cluster, task, image }: DeployedService) {
    super(scope, id);
    const handler = new HandlerFunction(this, 'Checker', {
      handler: 'preflight',
      description: `Looks for the image and the secrets of ${scope.node.path}`,
      timeout: Duration.minutes(1),
      profile: cluster.profile,
      permissionsBoundary: cluster._permissionsBoundary,
    });
    // to see whether the stack rolls back.
    this.allow(handler, 'cloudformation:DescribeStacks', Stack.of(this).stackId);
    const repository = this.repositoryOf(image);
    if (repository !== undefined) this.allow(handler, 'ecr:DescribeImages', repository);
    task.eachSecret((secret) => secret.grantRead(new NarrowedPrincipal(handler.role, (action) => actionsFor(secret).includes(action))));

    this.resource = new CfnResource(this, 'Resource', {
      type: 'Custom::ServicePreflight',
      properties: {
        ServiceToken: handler.function.functionArn,
        ServiceTimeout: 120,
        Service: scope.node.path,
        Images: repository === undefined ? undefined : [task.container.imageName],
        Secrets: Lazy.list({ produce: () => task.secrets.map(({ arn }) => arn) }, { omitEmpty: true }),
      },
    });
    // the grants may become a policy of their own.
    this.resource.node.addDependency(handler.role);
  }

  private allow({ role }: HandlerFunction, action: string, resource: string): void {
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: [action], resources: [resource] }));
  }

  /** Of an image in Amazon ECR that somebody else pushes: the CDK pushes its assets before it deploys, and other registries do not tell. */
  private repositoryOf(image: ecs.ContainerImage): string | undefined {
    if (image instanceof ecs.EcrImage) return (image as unknown as { readonly repository: ecr.IRepository }).repository.repositoryArn;
    if (!(image instanceof ecs.RepositoryImage)) return undefined;
    const { imageName } = image as unknown as { readonly imageName: string };
    const registry = registryOf(imageName);
    if (registry.kind !== 'ecr') return undefined;
    const [host, ...path] = imageName.split('/');
    const [name] = path.join('/').split(/[:@]/);
    return Stack.of(this).formatArn({ service: 'ecr', region: registry.region, account: host.slice(0, 12), resource: 'repository', resourceName: name });
  }
}

/** A value is read only where a key of it is asked for. */
function actionsFor(secret: ecs.Secret): string[] {
  const asked = ['secretsmanager:DescribeSecret', 'ssm:GetParameter'];
  return secret.hasField ? [...asked, 'secretsmanager:GetSecretValue', 'kms:Decrypt'] : asked;
}
