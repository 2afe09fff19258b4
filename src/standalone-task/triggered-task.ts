import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { RunMachine } from './run-machine';
import type { TaskLaunch } from './task-launch';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { ServiceCapacityConfig } from '../service/service-capacity-config';
import type { WorkloadTask } from '../task/workload-task';

/** A task, as its triggers see it. */
export interface TriggeredTask {
  readonly cluster: IFargateCluster;
  readonly task: WorkloadTask;
  readonly image: ecs.ContainerImage;
  readonly capacity: ServiceCapacityConfig;
  readonly connections: ec2.Connections;
  readonly launch: TaskLaunch;
  /** What runs it, if it does more than start. */
  readonly machine?: RunMachine;
  /** Where starts go that fail; made with the first trigger that asks. */
  readonly deadLetters: () => sqs.IQueue;
  /** Whom alarms tell; undefined where the profile has none. */
  readonly alarmActions?: cloudwatch.IAlarmAction[];
}
