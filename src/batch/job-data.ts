import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Artifacts } from './artifacts';
import type { BatchJob } from './batch-job';
import type { FanOut } from './fan-out';
import { itemSourceStatements } from './item-source';
import type { PipelineStart } from './pipeline-start';
import type { StateMachineRole } from './state-machine-role';

/** What the data passes through. */
interface JobDataProps {
  readonly artifacts: Artifacts;
  readonly role: StateMachineRole;
  readonly stateMachine: sfn.IStateMachine;
  readonly start: PipelineStart;
}

/** Who may read and write what of the data of a pipeline. */
export class JobData {
  private mapPolicy?: iam.Policy;

  constructor(private readonly scope: Construct, private readonly props: JobDataProps) {
  }

  /** Lets a job write its outputs and read its inputs, and the state machine read what it decides on or fans out over. */
  public connect(job: BatchJob, fanOut?: FanOut): void {
    const { artifacts, role, stateMachine, start } = this.props;
    for (const output of job._outputs) artifacts.grantWrite(job, output);
    if (job._compute.spot?._checkpoint === true) artifacts.grantCheckpoints(job);
    for (const input of [...Object.values(job._inputs), ...fanOut?._inputs ?? []]) artifacts.grantRead(job, input);
    for (const output of job._when?._parts.outputs ?? []) artifacts.grantResult(role, output);
    if (fanOut?._items === undefined) return;
    for (const statement of itemSourceStatements(fanOut._items.source, artifacts)) role.addToPrincipalPolicy(statement);
    if (this.mapPolicy !== undefined) return;
    this.mapPolicy = role.allowMaps(this.scope, stateMachine);
    artifacts.grantItems(role);
    start.waitsFor(this.mapPolicy.node.defaultChild!);
  }
}
