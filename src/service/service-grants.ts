import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { ServiceExec } from './service-exec';
import { fail } from '../private/fail';

/**
 * What others may do with a service. Get it from `service.grants`.
 */
export class ServiceGrants {
  /** @internal */
  public static _create(scope: IConstruct, exec: () => ServiceExec | undefined): ServiceGrants {
    return new ServiceGrants(scope, exec);
  }

  private constructor(private readonly scope: IConstruct, private readonly execution: () => ServiceExec | undefined) {
  }

  /**
   * Lets somebody open a shell, or run a command, in the running containers of this service with ECS Exec, as root.
   *
   * Allows `ecs:ExecuteCommand` in the cluster's tasks that carry this service's tag, finding them, and the use of the key of the cluster's sessions. The
   * service must have been opened by `enableExec()`.
   *
   * @example
   * declare const onCall: iam.IRole;
   * declare const orders: EcsMicroservice;
   * orders.enableExec();
   * orders.grants.exec(onCall);
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  public exec(grantee: iam.IGrantable): iam.Grant {
    const execution = this.execution() ?? fail(this.scope, "'grants.exec' needs 'enableExec', got a service without it; call 'enableExec()' on the service first");
    return execution.grant(grantee);
  }
}
