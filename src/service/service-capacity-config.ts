import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { InstanceCapacity } from '../cluster/instance-capacity';
import type { InstanceHardware } from '../cluster/instance-hardware';
import type { CapacityKind } from '../private/capacity-kind';

/** What the capacity gives to a service. */
export interface ServiceCapacityConfig {
  readonly kind: CapacityKind;
  readonly strategy: ecs.CapacityProviderStrategy[];
  /** The instances; none on Fargate. */
  readonly instances: InstanceCapacity[];
  readonly hardware?: InstanceHardware;
  /** Whether tasks may be taken back with a notice of two minutes. */
  readonly spot: boolean;
  /** Changes with the strategy and with nothing else. */
  readonly key: string;
}
