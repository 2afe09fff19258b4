import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { ServiceExec } from './service-exec';
import { fail } from '../private/fail';

/**
 * What others may do with a service. Get it from `service.grants`.
 */
export class ServiceGrants {
  /** @internal */
  public static _create(scope: IConstruct, exec?: ServiceExec): ServiceGrants {
    return new ServiceGrants(scope, exec);
  }

  private constructor(private readonly scope: IConstruct, private readonly execution?: ServiceExec) {
  }

  /**
   * Lets somebody open a shell, or run a command, in the running containers of this service with ECS Exec, as root.
   *
   * Allows `ecs:ExecuteCommand` in the cluster's tasks that carry this service's tag, finding them, and the use of the key of the cluster's sessions. The
   * service must have `enableExec`.
   *
   * @example
   * declare const onCall: iam.IRole;
   * const orders = new EcsMicroservice(this, 'Orders', { cluster, image, enableExec: true });
   * orders.grants.exec(onCall);
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  public exec(grantee: iam.IGrantable): iam.Grant {
    const execution = this.execution ?? fail(this.scope, "'grants.exec' needs 'enableExec', got a service without it; set 'enableExec: true' on the service");
    return execution.grant(grantee);
  }
}
