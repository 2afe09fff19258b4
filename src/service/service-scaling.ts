import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createScalableTarget } from './scalable-target';
import type { ScaledBounds } from './scaled-bounds';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { checkInteger, checkRange } from '../private/check';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';

/** Options of `ServiceScaling.between`. */
export interface ScalingTargets {
  /**
   * The average CPU utilisation to hold, in percent, 1 to 100.
   *
   * @default 65
   */
  readonly cpuPercent?: number;

  /**
   * The average memory utilisation to hold, in percent, 1 to 100.
   *
   * Set it for services whose memory grows with their load; many runtimes never give memory back.
   *
   * @default - memory does not scale the service
   */
  readonly memoryPercent?: number;

  /**
   * The number of requests per minute that one task gets from its load balancer, 1 or more.
   *
   * It answers faster than utilisation does, and fits services whose requests cost about the same. The service must have a route. Where it has
   * routes of both kinds, those of the public load balancer count.
   *
   * @default - requests do not scale the service
   * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
   */
  readonly requestsPerTask?: number;
}

/** The service that is to be scaled. */
interface ScaledService {
  readonly cluster: ecs.ICluster;
  readonly service: ecs.CfnService;
  /** Load balancer and target group as `ALBRequestCountPerTarget` names them, asked for when requests count; undefined without a route. */
  readonly requests?: () => string;
}

/** Scale out within a minute, scale in slowly: too few tasks hurt more than too many. */
const SCALE_OUT_COOLDOWN = 60;
const SCALE_IN_COOLDOWN = 300;

/**
 * How many tasks a service runs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export class ServiceScaling {
  /**
   * From `min` to `max` tasks, as many as keep the average utilisation at its target.
   *
   * Creates a scalable target and a policy for each utilisation, free of charge but for the two alarms that each policy makes. The service gets no
   * desired count, so that a deployment never resets what scaling has chosen.
   *
   * @param min the smallest number of tasks; two or more survive the loss of a zone
   * @param max the largest number of tasks
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, scaling: ServiceScaling.between(2, 20, { cpuPercent: 60 }) });
   */
  public static between(min: number, max: number, targets: ScalingTargets = {}): ServiceScaling {
    const { cpuPercent = 65, memoryPercent, requestsPerTask } = targets;
    checkInteger(undefined, 'min', min, 1, 5000, 'utilisation cannot wake a service that has no task');
    checkInteger(undefined, 'max', max, 1, 5000, 'a service runs 5000 tasks at most');
    checkRange(undefined, 'cpuPercent', cpuPercent, 1, 100, '60 to 70 leaves room for a burst');
    checkRange(undefined, 'memoryPercent', memoryPercent, 1, 100, 'omit it to scale on CPU alone');
    checkRange(undefined, 'requestsPerTask', requestsPerTask, 1, 1e9, 'give the requests per minute that one task bears');
    if (!Token.isUnresolved(min) && !Token.isUnresolved(max) && min > max) {
      fail(undefined, `'min' must not be larger than 'max', got ${min} and ${max}; swap them`);
    }
    return new ServiceScaling(min, max, { cpuPercent, memoryPercent, requestsPerTask });
  }

  /**
   * Always the same number of tasks. Creates nothing.
   *
   * @example
   * new EcsMicroservice(this, 'Orders', { cluster, image, scaling: ServiceScaling.fixed(3) });
   */
  public static fixed(tasks: number): ServiceScaling {
    checkInteger(undefined, 'tasks', tasks, 0, 5000, 'a service runs 5000 tasks at most');
    return new ServiceScaling(tasks, tasks);
  }

  /**
   * One task on each instance of the service's capacity, as long as the instance runs: for agents that look after the instance or its tasks.
   *
   * For capacity of `ClusterCapacity.ec2` only. Creates nothing; the service has no desired count, and in a deployment the old task of an instance stops before
   * the new one starts. A service that becomes a daemon, or is one no longer, is replaced.
   *
   * Under the hood, this is the `DAEMON` scheduling strategy.
   *
   * @example
   * declare const general: InstanceCapacity;
   * new EcsMicroservice(this, 'Agent', { cluster, image, capacity: ServiceCapacity.on(general), scaling: ServiceScaling.daemon() });
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_scheduler_daemon.html
   */
  public static daemon(): ServiceScaling {
    return new ServiceScaling(0, 0, undefined, true);
  }

  /** @internal */
  public static _default(profile: ClusterProfile): ServiceScaling {
    const { minTasks, maxTasks } = defaultsOf(profile);
    return ServiceScaling.between(minTasks, maxTasks);
  }

  private constructor(
    /** @internal */
    public readonly _min: number,
    private readonly max: number,
    private readonly targets?: ScalingTargets,
    /** @internal Whether the instances decide. */
    public readonly _isDaemon: boolean = false,
  ) {
  }

  /** @internal What the service itself declares: nothing where scaling decides. */
  public get _desiredCount(): number | undefined {
    return this.targets === undefined && !this._isDaemon ? this._min : undefined;
  }

  /** @internal What scaling holds of CPU and memory, in percent; undefined: nothing. */
  public get _utilization(): Pick<ScalingTargets, 'cpuPercent' | 'memoryPercent'> {
    return { cpuPercent: this.targets?.cpuPercent, memoryPercent: this.targets?.memoryPercent };
  }

  /** @internal */
  public _bind(scope: Construct, { cluster, service, requests }: ScaledService): ScaledBounds | undefined {
    if (this.targets === undefined) return undefined;
    const target = createScalableTarget(scope, { cluster, service, min: this._min, max: this.max });
    const { cpuPercent, memoryPercent, requestsPerTask } = this.targets;
    if (requestsPerTask !== undefined && requests === undefined) {
      fail(scope, `'requestsPerTask' needs a route, because load balancers count the requests, got ${requestsPerTask} for a service without one; `
        + "add 'routes', or scale on CPU");
    }
    track(scope, 'CpuScaling', target, { predefinedMetricType: 'ECSServiceAverageCPUUtilization' }, cpuPercent);
    track(scope, 'MemoryScaling', target, { predefinedMetricType: 'ECSServiceAverageMemoryUtilization' }, memoryPercent);
    const resourceLabel = requestsPerTask === undefined ? undefined : requests?.();
    track(scope, 'RequestScaling', target, { predefinedMetricType: 'ALBRequestCountPerTarget', resourceLabel }, requestsPerTask);
    return { target, min: this._min, max: this.max };
  }
}

function track(
  scope: Construct, id: string, target: appscaling.CfnScalableTarget,
  predefinedMetricSpecification: appscaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty, targetValue?: number,
): void {
  if (targetValue === undefined) return;
  new appscaling.CfnScalingPolicy(scope, id, {
    policyName: id,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.ref,
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification,
      targetValue,
      scaleOutCooldown: SCALE_OUT_COOLDOWN,
      scaleInCooldown: SCALE_IN_COOLDOWN,
    },
  });
}
