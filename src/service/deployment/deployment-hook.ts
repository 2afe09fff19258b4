import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { bindApproval, checkApproval } from './approval';
import type { ApprovalOptions, LambdaHookOptions, SmokeTestOptions } from './deployment-hook-options';
import { DeploymentStage } from './deployment-stage';
import type { HookedService, HookTarget } from './hook-target';
import { bindSmokeTest, checkSmokeTest } from './smoke-test';
import { fail } from '../../private/fail';

/** What a hook is to a service. */
interface HookKind {
  bind(scope: Construct, service: HookedService): HookTarget;
  /** For how many minutes it may hold a deployment up, whose requests move in so many steps. */
  pauses(steps: number): number;
}

/**
 * Something that decides in the course of a deployment whether it goes on or is rolled back.
 *
 * It is for the strategies that shift requests. A hook that fails, or a function that ends in an error, rolls the deployment back. The first deployment
 * of a service runs its hooks as well.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export class DeploymentHook {
  /**
   * A function of yours. It returns `{ hookStatus: 'SUCCEEDED' }`, `'FAILED'`, or `'IN_PROGRESS'` to be called again.
   *
   * The service's deployment role may call it. It must not need the service: that waits for it.
   *
   * Under the hood, this is an entry of `LifecycleHooks`.
   *
   * @example
   * declare const check: lambda.IFunction;
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.blueGreen({ hooks: [DeploymentHook.lambdaFunction(check, { stages: [DeploymentStage.POST_SCALE_UP] })] }),
   * });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
   */
  public static lambdaFunction(handler: lambda.IFunction, options: LambdaHookOptions): DeploymentHook {
    if (options.stages.length === 0) {
      fail(undefined, "'stages' of a hook must name one stage or more, got none; write [DeploymentStage.POST_TEST_TRAFFIC_SHIFT]");
    }
    const target = { stages: [...new Set(options.stages)], function: handler, details: options.details && { ...options.details } };
    return new DeploymentHook({ bind: () => target, pauses: () => 0 });
  }

  /**
   * Asks the new version through the test route, and rolls the deployment back unless it answers as wanted.
   *
   * Of two load balancers it asks through the public one. Creates a function with a role and a log group, in the network of the tasks where the load balancer
   * is internal; it costs by the call. Why a test failed stands in its log. It needs a `testRoute`; of a public load balancer, one by header.
   *
   * Under the hood, this is an entry of `LifecycleHooks` at `POST_TEST_TRAFFIC_SHIFT`.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.canary({
   *     testRoute: TestRoute.header('x-release', 'next'),
   *     hooks: [DeploymentHook.smokeTest({ path: '/orders/health' })],
   *   }),
   * });
   */
  public static smokeTest(options: SmokeTestOptions): DeploymentHook {
    checkSmokeTest(options);
    return new DeploymentHook({ bind: (scope, service) => bindSmokeTest(scope, service, options), pauses: () => 0 });
  }

  /**
   * Waits for somebody to say yes. The message to `notify` holds the commands that let the deployment go on or roll it back.
   *
   * Creates an EventBridge rule and a role that may publish to the topic, free of charge. A topic with a key of its own must let that role use it. Who
   * answers needs `ecs:ContinueServiceDeployment`. A stack's first deployment and its rollback wait as well.
   *
   * Under the hood, this is an entry of `LifecycleHooks` with the target type `PAUSE`.
   *
   * @example
   * declare const releases: sns.ITopic;
   * new EcsMicroservice(this, 'Orders', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({ paths: ['/orders/*'] })],
   *   deployment: ServiceDeployment.blueGreen({ hooks: [DeploymentHook.approval({ notify: releases, timeout: Duration.hours(4) })] }),
   * });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
   */
  public static approval(options: ApprovalOptions): DeploymentHook {
    const minutes = checkApproval(options);
    return new DeploymentHook({
      bind: (scope, service) => bindApproval(scope, service, options, minutes),
      pauses: (steps) => {
        if (Token.isUnresolved(minutes)) return 0;
        return options.stage === DeploymentStage.PRE_PRODUCTION_TRAFFIC_SHIFT ? minutes * steps : minutes;
      },
    });
  }

  private constructor(private readonly kind: HookKind) {
  }

  /** @internal */
  public _bind(scope: Construct, service: HookedService): HookTarget {
    return this.kind.bind(scope, service);
  }

  /** @internal */
  public _pauses(steps: number): number {
    return this.kind.pauses(steps);
  }
}
