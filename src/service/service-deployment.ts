import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type {
  BlueGreenDeploymentOptions, CanaryDeploymentOptions, LinearDeploymentOptions, RollingDeploymentOptions,
} from './deployment/deployment-options';
import { blueGreenStrategy, canaryStrategy, linearStrategy, ShiftStrategy } from './deployment/shift-strategy';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';

/** What a deployment strategy gives to the service. */
interface DeploymentConfig {
  readonly minHealthyPercent: number;
  readonly maxHealthyPercent: number;
}

/** Which alarms roll a deployment back. */
interface AlarmChoice {
  readonly rollBackOnServiceAlarms?: boolean;
  readonly rollbackAlarms?: cloudwatch.IAlarm[];
}

/**
 * How a new version of a service replaces the old one.
 *
 * `rolling` replaces task by task. `blueGreen`, `canary` and `linear` start a whole second set of tasks beside the first, and move the requests of the service's
 * routes from one to the other: at once, a part first, or step by step. They need a route of HTTP.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-strategies.html
 */
export class ServiceDeployment {
  /**
   * Starts new tasks, waits until they are healthy, then stops old ones.
   *
   * A circuit breaker gives up after a few failed tasks and rolls back to the last version that ran, and tasks are rebalanced over the zones. In production,
   * with a route of HTTP, the alarms on the service's requests roll it back too; ECS watches them for some minutes more after the last task was replaced.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, deployment: ServiceDeployment.rolling({ maxHealthyPercent: 150 }) });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
   */
  public static rolling(options: RollingDeploymentOptions = {}): ServiceDeployment {
    const { minHealthyPercent = 100, maxHealthyPercent = 200, failureThreshold } = options;
    checkInteger(undefined, 'minHealthyPercent', minHealthyPercent, 0, 100, '100 keeps the full capacity during a deployment');
    checkInteger(undefined, 'maxHealthyPercent', maxHealthyPercent, 101, 200, 'above 100 a new task has room to start, and zones can be rebalanced');
    checkInteger(undefined, 'failureThreshold', failureThreshold, 1, 1000, 'a few failures tell a bad version from bad luck');
    return new ServiceDeployment({ minHealthyPercent, maxHealthyPercent }, alarmsOf(options), failureThreshold);
  }

  /**
   * Starts the new version beside the old one, moves all requests at once, and keeps the old one for a while.
   *
   * Creates a second target group and a role by which ECS moves the weights of the listener rule, free of charge; during a deployment twice the tasks run and
   * cost. A rollback before or in the bake time takes seconds. Each load balancer takes one route that fits into one rule, without sign-in.
   *
   * Under the hood, this is the deployment strategy `BLUE_GREEN`.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.blueGreen({ bakeTime: Duration.minutes(15), testRoute: TestRoute.header('x-release', 'next') }),
   * });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
   */
  public static blueGreen(options: BlueGreenDeploymentOptions = {}): ServiceDeployment {
    return new ServiceDeployment(FULL, alarmsOf(options), undefined, blueGreenStrategy(options));
  }

  /**
   * Starts the new version beside the old one, gives it a part of the requests first, and all of them if nothing happens.
   *
   * Creates and costs what `blueGreen` does. `stepBakeTime` and `bakeTime` together take 33 hours at most.
   *
   * Under the hood, this is the deployment strategy `CANARY`.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.canary({ percent: 5, stepBakeTime: Duration.minutes(10) }),
   * });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
   */
  public static canary(options: CanaryDeploymentOptions = {}): ServiceDeployment {
    return new ServiceDeployment(FULL, alarmsOf(options), undefined, canaryStrategy(options));
  }

  /**
   * Starts the new version beside the old one, and moves the requests in equal steps.
   *
   * Creates and costs what `blueGreen` does. All steps and `bakeTime` together take 33 hours at most.
   *
   * Under the hood, this is the deployment strategy `LINEAR`.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.linear({ stepPercent: 25, stepBakeTime: Duration.minutes(5) }),
   * });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
   */
  public static linear(options: LinearDeploymentOptions = {}): ServiceDeployment {
    return new ServiceDeployment(FULL, alarmsOf(options), undefined, linearStrategy(options));
  }

  private constructor(
    private readonly config: DeploymentConfig,
    /** @internal */
    public readonly _alarms: AlarmChoice,
    /** @internal */
    public readonly _failureThreshold?: number,
    /** @internal Undefined where tasks are replaced one by one. */
    public readonly _shift?: ShiftStrategy,
  ) {
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

/** The old set of tasks stays whole until the new one has taken over. */
const FULL: DeploymentConfig = { minHealthyPercent: 100, maxHealthyPercent: 200 };

function alarmsOf({ rollBackOnServiceAlarms, rollbackAlarms }: AlarmChoice): AlarmChoice {
  return { rollBackOnServiceAlarms, rollbackAlarms: rollbackAlarms && [...rollbackAlarms] };
}
