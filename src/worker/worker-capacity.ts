import type { Construct } from 'constructs';
import type { EcsQueueWorkerProps } from './ecs-queue-worker-props';
import type { MessageTimes } from './message-times';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';
import { warn, WarningId } from '../private/warnings';
import { chooseCapacity } from '../service/choose-capacity';
import { ServiceCapacity } from '../service/service-capacity';
import type { ServiceCapacityConfig } from '../service/service-capacity-config';

/**
 * The capacity of a worker, in the light of how long a message takes: Spot gives two minutes of notice.
 *
 * Who chose Spot is told that it does not fit; who chose nothing gets on-demand capacity where the profile would say Spot, and a warning where the cluster
 * has a default of its own.
 */
export function chooseWorkerCapacity(scope: Construct, props: EcsQueueWorkerProps, times: MessageTimes): ServiceCapacityConfig {
  const { cluster, capacity } = props;
  if (times.long === undefined || props.interruptible === true) return chooseCapacity(scope, cluster, capacity);
  if (capacity !== undefined) {
    const chosen = chooseCapacity(scope, cluster, capacity);
    if (chosen.spot) {
      fail(scope, "'capacity' must not have Spot where a message may take longer than its notice of two minutes, got 'maxMessageTime' of "
        + `${times.message} seconds; use on-demand capacity, or set 'interruptible' if work may begin anew`);
    }
    return chosen;
  }
  const standard = chooseCapacity(scope, cluster);
  if (!standard.spot) return standard;
  if (standard.instances.length === 0 && defaultsOf(cluster.profile).spot) return ServiceCapacity.fargate()._bind(scope, cluster);
  warn(scope, WarningId.LONG_MESSAGES_ON_SPOT, "the cluster's default capacity has Spot, which is taken back with a notice of two minutes, and a message may "
    + `take ${times.message} seconds: its work is lost then, and begins anew. Give 'capacity' without Spot, or set 'interruptible'.`);
  return standard;
}
