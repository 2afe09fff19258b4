import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/** Options of `ServiceDeployment.rolling`. */
export interface RollingDeploymentOptions {
  /**
   * How many healthy tasks must remain while tasks are replaced, in percent of the desired count, 0 to 100.
   *
   * @default 100
   */
  readonly minHealthyPercent?: number;

  /**
   * How many tasks may run while tasks are replaced, in percent of the desired count, 101 to 200.
   *
   * @default 200
   */
  readonly maxHealthyPercent?: number;
}

/** What a deployment strategy gives to the service. */
interface DeploymentConfig {
  readonly minHealthyPercent: number;
  readonly maxHealthyPercent: number;
}

/**
 * How a new version of a service replaces the old one.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export class ServiceDeployment {
  /**
   * Starts new tasks, waits until they are healthy, then stops old ones.
   *
   * A circuit breaker gives up after a few failed tasks and rolls back to the last version that ran, and tasks are rebalanced over the zones.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, deployment: ServiceDeployment.rolling({ maxHealthyPercent: 150 }) });
   */
  public static rolling(options: RollingDeploymentOptions = {}): ServiceDeployment {
    const { minHealthyPercent = 100, maxHealthyPercent = 200 } = options;
    checkInteger(undefined, 'minHealthyPercent', minHealthyPercent, 0, 100, '100 keeps the full capacity during a deployment');
    checkInteger(undefined, 'maxHealthyPercent', maxHealthyPercent, 101, 200, 'above 100 a new task has room to start, and zones can be rebalanced');
    return new ServiceDeployment({ minHealthyPercent, maxHealthyPercent });
  }

  private constructor(private readonly config: DeploymentConfig) {
  }

  /** @internal `tasks` is the smallest number of tasks that the service may have: with few tasks, percentages round to a deadlock. */
  public _bind(scope: Construct, tasks: number): DeploymentConfig {
    const { minHealthyPercent, maxHealthyPercent } = this.config;
    if (![tasks, minHealthyPercent, maxHealthyPercent].some((value) => Token.isUnresolved(value)) && tasks > 0) {
      const mustRun = Math.ceil(tasks * minHealthyPercent / 100);
      const mayRun = Math.floor(tasks * maxHealthyPercent / 100);
      if (mustRun >= mayRun) {
        fail(scope, `'deployment' could never replace a task: of ${tasks} tasks ${mustRun} must run (minHealthyPercent ${minHealthyPercent}) and `
          + `${mayRun} may run (maxHealthyPercent ${maxHealthyPercent}); set maxHealthyPercent to 200`);
      }
    }
    return this.config;
  }
}
