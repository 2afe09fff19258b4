import { createHash } from 'crypto';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Names, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ServiceCapacityConfig } from './service-capacity-config';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { InstanceCapacity } from '../cluster/instance-capacity';
import type { InstanceHardware } from '../cluster/instance-hardware';
import { CapacityKind } from '../private/capacity-kind';
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

/** One of several capacities that tasks are spread over by `ServiceCapacity.spread`. */
export interface CapacityShare {
  /** The instances, added to the cluster by `addCapacity`. */
  readonly capacity: InstanceCapacity;

  /**
   * How many tasks run here before the weights count, 0 to 100000. One share of a strategy can have a base.
   *
   * @default 0
   */
  readonly base?: number;

  /**
   * The share of further tasks, 0 to 1000, relative to the weights of the others.
   *
   * @default 1
   */
  readonly weight?: number;
}

/** A share of a strategy, whatever kind its capacity is of. */
interface Share {
  readonly provider: string | InstanceCapacity;
  readonly base?: number;
  readonly weight: number;
}

/**
 * The capacity that a service's tasks run on.
 *
 * Always a capacity provider strategy, never a launch type: so a change of capacity is an update of the service, not its replacement. The update moves the
 * tasks that run: ECS on its own would leave them where they are.
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
    return new ServiceCapacity(CapacityKind.FARGATE, [
      ...onDemandBase === 0 && onDemandWeight === 0 ? [] : [{ provider: 'FARGATE', base: onDemandBase, weight: onDemandWeight }],
      ...spotWeight === 0 ? [] : [{ provider: 'FARGATE_SPOT', weight: spotWeight }],
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

  /**
   * The instances that `FargateCluster.addCapacity` added.
   *
   * @example
   * declare const gpu: InstanceCapacity;
   * new EcsMicroservice(this, 'Inference', { cluster, image, size: TaskSize.onInstances(2048, 8192, { gpus: 1 }), capacity: ServiceCapacity.on(gpu) });
   */
  public static on(capacity: InstanceCapacity): ServiceCapacity {
    return ServiceCapacity.spread([{ capacity }]);
  }

  /**
   * Several capacities of instances, with a base and weights. ECS mixes instances of Auto Scaling groups only with each other, and so managed ones.
   *
   * @example
   * declare const onDemand: InstanceCapacity;
   * declare const spot: InstanceCapacity;
   * ServiceCapacity.spread([{ capacity: onDemand, base: 2 }, { capacity: spot, weight: 3 }]);
   */
  public static spread(shares: CapacityShare[]): ServiceCapacity {
    checkShares(shares);
    const [first] = shares;
    return new ServiceCapacity(first.capacity._kind, shares.map(({ capacity, base, weight = 1 }) => ({ provider: capacity, base, weight })));
  }

  /** @internal */
  public static _default(profile: ClusterProfile): ServiceCapacity {
    return defaultsOf(profile).spot ? ServiceCapacity.fargateSpot() : ServiceCapacity.fargate();
  }

  private constructor(private readonly kind: CapacityKind, private readonly shares: Share[]) {
  }

  /** @internal */
  public _bind(scope: IConstruct, cluster: IConstruct): ServiceCapacityConfig {
    const instances = this.shares.flatMap(({ provider }) => typeof provider === 'string' ? [] : [provider]);
    const stranger = instances.find((capacity) => capacity._cluster !== cluster);
    if (stranger !== undefined) {
      fail(scope, `'capacity' must belong to the cluster ${cluster.node.path}, got ${stranger.node.path}; add capacity to the cluster that the tasks run in`);
    }
    const spot = this.shares.some(({ provider }) => typeof provider === 'string' ? provider === 'FARGATE_SPOT' : provider._spot);
    return { kind: this.kind, strategy: this._strategy(), instances, hardware: commonHardware(scope, instances), spot, key: this.keyIn(scope) };
  }

  /** @internal */
  public _strategy(): ecs.CapacityProviderStrategy[] {
    return this.shares.map(({ provider, base, weight }) => ({
      capacityProvider: typeof provider === 'string' ? provider : provider.capacityProviderName, base: base === 0 ? undefined : base, weight,
    }));
  }

  /** By the identity of the providers: their names are known to AWS only. */
  private keyIn(scope: IConstruct): string {
    const parts = this.shares.map(({ provider, base, weight }) => [typeof provider === 'string' ? provider : Names.nodeUniqueId(provider.node), base ?? 0, weight]);
    return createHash('sha256').update(JSON.stringify(Stack.of(scope).resolve(parts))).digest('hex').slice(0, 8);
  }
}

function checkShares(shares: CapacityShare[]): void {
  if (shares.length === 0 || shares.length > 20) {
    fail(undefined, `'shares' must be 1 to 20 capacities, got ${shares.length}; ECS takes no more in one strategy`);
  }
  if (new Set(shares.map(({ capacity }) => capacity)).size < shares.length) {
    fail(undefined, "'shares' must name each capacity once; add the weights of one that is there twice");
  }
  if (new Set(shares.map(({ capacity }) => capacity._kind)).size > 1) {
    fail(undefined, `'shares' must all be of one kind, got ${shares.map(({ capacity }) => `${capacity.node.path} (${capacity._kind})`).join(' and ')}; `
      + 'ECS does not mix instances of Auto Scaling groups with managed instances');
  }
  for (const { base, weight } of shares) {
    checkInteger(undefined, 'base', base, 0, 100000, 'it is a number of tasks');
    checkInteger(undefined, 'weight', weight, 0, 1000, 'it is a share relative to the other weights');
  }
  if (shares.filter(({ base = 0 }) => Token.isUnresolved(base) || base > 0).length > 1) {
    fail(undefined, "'base' must be in one share only: ECS takes one in a strategy; give the others a weight");
  }
  if (shares.every(({ weight = 1 }) => weight === 0)) {
    fail(undefined, "'weight' must not be 0 in all shares: tasks beyond the base would have no place; set one of them to 1");
  }
}

/** One image and one size must run on all of them. */
function commonHardware(scope: IConstruct, instances: InstanceCapacity[]): InstanceHardware | undefined {
  const [first, ...others] = instances;
  const other = others.find(({ _hardware: { architecture, gpu } }) => architecture !== first._hardware.architecture || gpu !== first._hardware.gpu);
  if (other !== undefined) {
    fail(scope, `'capacity' must be of one CPU architecture, and all with GPUs or all without, got ${first.node.path} and ${other.node.path}; `
      + 'use one of them, or give both the same kind of instances');
  }
  return first?._hardware;
}
