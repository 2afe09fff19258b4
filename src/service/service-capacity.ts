import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Token } from 'aws-cdk-lib/core';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { checkInteger } from '../private/check';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';

/** Options of `ServiceCapacity.fargate`. */
export interface FargateCapacityOptions {
  /**
   * How many tasks run on demand before the weights count, 0 to 100000.
   *
   * @default 0
   */
  readonly onDemandBase?: number;

  /**
   * The share of further tasks that run on demand, 0 to 1000, relative to `spotWeight`.
   *
   * @default 1
   */
  readonly onDemandWeight?: number;

  /**
   * The share of further tasks that run on Fargate Spot, 0 to 1000, relative to `onDemandWeight`.
   *
   * Spot tasks cost far less and may be stopped with a notice of two minutes.
   *
   * @default 0
   */
  readonly spotWeight?: number;
}

/**
 * The capacity that a service's tasks run on.
 *
 * Always a capacity provider strategy, never a launch type: so a change of capacity is an update of the service, not its replacement.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 */
export class ServiceCapacity {
  /**
   * Fargate on demand, Fargate Spot, or a mix of both.
   *
   * @example
   * // Two tasks on demand, of the others one in four.
   * ServiceCapacity.fargate({ onDemandBase: 2, spotWeight: 3 });
   */
  public static fargate(options: FargateCapacityOptions = {}): ServiceCapacity {
    const { onDemandBase = 0, onDemandWeight = 1, spotWeight = 0 } = options;
    checkInteger(undefined, 'onDemandBase', onDemandBase, 0, 100000, 'it is a number of tasks');
    checkInteger(undefined, 'onDemandWeight', onDemandWeight, 0, 1000, 'it is a share relative to spotWeight');
    checkInteger(undefined, 'spotWeight', spotWeight, 0, 1000, 'it is a share relative to onDemandWeight');
    if (!Token.isUnresolved(onDemandWeight) && !Token.isUnresolved(spotWeight) && onDemandWeight + spotWeight === 0) {
      fail(undefined, "'onDemandWeight' and 'spotWeight' must not both be 0: tasks beyond the base would have no place; set one of them to 1");
    }
    return new ServiceCapacity([
      ...onDemandBase === 0 && onDemandWeight === 0 ? [] : [{ capacityProvider: 'FARGATE', base: onDemandBase, weight: onDemandWeight }],
      ...spotWeight === 0 ? [] : [{ capacityProvider: 'FARGATE_SPOT', weight: spotWeight }],
    ]);
  }

  /**
   * Fargate Spot only: for development, and for work that bears a stop with two minutes of notice at any time.
   *
   * @example
   * new EcsMicroservice(this, 'Preview', { cluster, image, capacity: ServiceCapacity.fargateSpot() });
   */
  public static fargateSpot(): ServiceCapacity {
    return ServiceCapacity.fargate({ onDemandWeight: 0, spotWeight: 1 });
  }

  /** @internal */
  public static _default(profile: ClusterProfile): ServiceCapacity {
    return defaultsOf(profile).spot ? ServiceCapacity.fargateSpot() : ServiceCapacity.fargate();
  }

  private constructor(private readonly strategies: ecs.CapacityProviderStrategy[]) {
  }

  /** @internal */
  public _bind(): ecs.CapacityProviderStrategy[] {
    return this.strategies;
  }
}
