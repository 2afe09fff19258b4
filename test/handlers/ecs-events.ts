/**
 * Events as ECS sends them, in the shape of its documentation.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export interface EcsEvent {
  readonly 'detail-type': string;
  readonly 'time': string;
  readonly 'resources': string[];
  readonly 'detail': Record<string, any>;
}

const PREFIX = 'arn:aws:ecs:eu-west-1:111122223333';
const CLUSTER = `${PREFIX}:cluster/shop`;
const TASK = `${PREFIX}:task/shop/c13b4cb40f1f4fe4a2971f76ae5a47ad`;
const SERVICE = `${PREFIX}:service/shop/orders`;

const event = (detailType: string, resource: string, detail: object): EcsEvent => ({
  'version': '0',
  'id': '3317b2af-7005-947d-b652-f55e762e571a',
  'detail-type': detailType,
  'source': 'aws.ecs',
  'account': '111122223333',
  'time': '2026-11-25T03:12:58Z',
  'region': 'eu-west-1',
  'resources': [resource],
  detail,
} as EcsEvent);

interface Container {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly name?: string;
}

/** A task of a service that has stopped. */
export function stoppedTask(stopCode: string, stoppedReason: string, container: Container = {}, more: object = {}): EcsEvent {
  return event('ECS Task State Change', TASK, {
    attachments: [{ id: '1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8', type: 'eni', status: 'DELETED', details: [{ name: 'subnetId', value: 'subnet-abcd1234' }] }],
    availabilityZone: 'eu-west-1c',
    clusterArn: CLUSTER,
    connectivity: 'CONNECTED',
    containers: [{
      containerArn: `${PREFIX}:container/shop/c13b4cb40f1f4fe4a2971f76ae5a47ad/cf159fd6`,
      lastStatus: 'STOPPED',
      name: 'App',
      image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7',
      taskArn: TASK,
      networkInterfaces: [{ attachmentId: '1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8', privateIpv4Address: '10.0.0.139' }],
      cpu: '0',
      ...container,
    }],
    cpu: '256',
    createdAt: '2026-11-25T03:11:34.402Z',
    desiredStatus: 'STOPPED',
    enableExecuteCommand: false,
    ephemeralStorage: { sizeInGiB: 20 },
    group: 'service:orders',
    launchType: 'FARGATE',
    lastStatus: 'STOPPED',
    memory: '512',
    overrides: { containerOverrides: [{ name: 'App' }] },
    platformVersion: '1.4.0',
    startedBy: 'ecs-svc/8456221238475293018',
    stopCode,
    stoppedAt: '2026-11-25T03:12:57.103Z',
    stoppedReason,
    stoppingAt: '2026-11-25T03:12:44.103Z',
    taskArn: TASK,
    taskDefinitionArn: `${PREFIX}:task-definition/orders:7`,
    updatedAt: '2026-11-25T03:12:57.103Z',
    version: 6,
    ...more,
  });
}

/** A deployment of a service whose state has changed. */
export function deployment(reason: string): EcsEvent {
  return event('ECS Deployment State Change', SERVICE, {
    eventType: 'ERROR',
    eventName: 'SERVICE_DEPLOYMENT_FAILED',
    deploymentId: 'ecs-svc/8456221238475293018',
    updatedAt: '2026-11-25T03:12:58.104Z',
    reason,
  });
}

/** What the service scheduler says. */
export function serviceAction(eventType: string, eventName: string, more: object = {}): EcsEvent {
  return event('ECS Service Action', SERVICE, { eventType, eventName, clusterArn: CLUSTER, createdAt: '2026-11-25T03:12:58.408Z', ...more });
}
