import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Lazy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ClusterProfile } from './cluster-profile';
import type { InstanceCapacity } from './instance-capacity';
import { CapacityKind } from '../private/capacity-kind';
import { fail } from '../private/fail';
import { ServiceCapacity } from '../service/service-capacity';

/** What the capacity of a cluster is made from. */
export interface CapacityAssociationProps {
  readonly clusterName: string;
  readonly profile: ClusterProfile;
  /** What the user wants workloads to run on that say nothing. */
  readonly preferred?: ServiceCapacity;
}

/**
 * Which capacity a cluster has, and which of it workloads use that say nothing.
 *
 * The resource is made here and not by the L2, which makes it while the app is synthesised: services must wait for it, and it must outlive them.
 */
export class CapacityAssociation {
  public readonly resource: ecs.CfnClusterCapacityProviderAssociations;

  private readonly added: InstanceCapacity[] = [];
  private preferred: ServiceCapacity;
  /** The first workload that took the default: from then on a change would not reach all of them. */
  private takenBy?: string;

  constructor(private readonly scope: Construct, props: CapacityAssociationProps) {
    this.preferred = props.preferred ?? ServiceCapacity._default(props.profile);
    this.resource = new ecs.CfnClusterCapacityProviderAssociations(scope, 'Capacity', {
      cluster: props.clusterName,
      capacityProviders: Lazy.list({ produce: () => this.providerNames() }),
      defaultCapacityProviderStrategy: Lazy.any({ produce: () => this.preferred._strategy() }) as unknown as ecs.CapacityProviderStrategy[],
    });
  }

  public add(capacity: InstanceCapacity): void {
    this.added.push(capacity);
  }

  public prefer(capacity: ServiceCapacity): void {
    if (this.takenBy !== undefined) {
      fail(this.scope, `'useCapacityByDefault' must be called before the first workload that takes the default, which is ${this.takenBy}; move the call up`);
    }
    capacity._bind(this.scope, this.scope);
    this.preferred = capacity;
  }

  public takeDefault(workload: Construct): ServiceCapacity {
    this.takenBy ??= workload.node.path;
    return this.preferred;
  }

  /** Managed instances belong to one cluster from their creation; the association knows the others only. */
  private providerNames(): string[] {
    const groups = this.added.filter((capacity) => capacity._kind === CapacityKind.EC2);
    return ['FARGATE', 'FARGATE_SPOT', ...groups.map((capacity) => capacity.capacityProviderName)];
  }
}
