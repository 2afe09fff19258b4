import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * The ids of all warnings. They are API (users acknowledge warnings by id) and each stands in docs/rules.md.
 */
export enum WarningId {
  INGRESS_WITHOUT_TLS = 'cdk-ecs-workloads:ingressWithoutTls',
  CALL_WITHOUT_ENDPOINT = 'cdk-ecs-workloads:callWithoutEndpoint',
  INGRESS_WITHOUT_ACCESS_LOGS = 'cdk-ecs-workloads:ingressWithoutAccessLogs',
  INGRESS_NEAR_LIMIT = 'cdk-ecs-workloads:ingressNearLimit',
  QUEUE_WITHOUT_DEAD_LETTERS = 'cdk-ecs-workloads:queueWithoutDeadLetters',
  LONG_MESSAGES_ON_SPOT = 'cdk-ecs-workloads:longMessagesOnSpot',
  SERVICE_NEAR_LIMIT = 'cdk-ecs-workloads:serviceNearLimit',
  BUCKET_EVENTS_UNKNOWN = 'cdk-ecs-workloads:bucketEventsUnknown',
  ITEMS_DONE_AGAIN = 'cdk-ecs-workloads:itemsDoneAgain',
  STACK_TAGS_REPLACE_BATCH = 'cdk-ecs-workloads:stackTagsReplaceBatch',
  INSTANCES_UNKNOWN = 'cdk-ecs-workloads:instancesUnknown',
  FEW_SPOT_FAMILIES = 'cdk-ecs-workloads:fewSpotFamilies',
  ROUTE_ORDER_UNDECIDED = 'cdk-ecs-workloads:routeOrderUndecided',
}

/** Warns of what is legal but doubtful. */
export function warn(scope: IConstruct, id: WarningId, message: string): void {
  Annotations.of(scope).addWarningV2(id, message);
}
