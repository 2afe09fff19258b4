import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { BatchJob } from '../batch-job';
import type { FailureReports } from '../failure-reports';
import type { StateMachineRole } from '../state-machine-role';

/** What a pipeline lets the queues of its jobs be used by. */
interface Connected {
  readonly role: StateMachineRole;
  readonly reports?: FailureReports;
  readonly connections: ec2.Connections;
}

/** Lets the state machine submit to the queues of a job, reports hear of them, and whoever admits the pipeline's jobs admit those on shared compute too. */
export function connectCompute({ _compute: { spot, on }, _lane: lane }: BatchJob, { role, reports, connections }: Connected): void {
  const shared = on !== undefined;
  if (spot === undefined || spot._escalates) {
    role.allowUse(lane.jobQueueArn);
    reports?.watch({ jobQueueArn: lane.jobQueueArn, spot: false, shared, escalates: false, platform: lane.platform });
  }
  if (spot !== undefined) {
    role.allowUse(lane.spotJobQueueArn);
    reports?.watch({ jobQueueArn: lane.spotJobQueueArn, spot: true, shared, escalates: spot._escalates, platform: lane.platform });
  }
  for (const group of on?.connections.securityGroups ?? []) connections.addSecurityGroup(group);
}
