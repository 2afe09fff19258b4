import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Artifacts } from './artifacts';
import type { BatchJob } from './batch-job';
import type { FanOut } from './fan-out';
import { itemSourceStatements } from './item-source';
import type { StateMachineRole } from './state-machine-role';

/** Who may read and write what of the data of a pipeline. */
export class JobData {
  private mapPolicy?: iam.Policy;

  constructor(
    private readonly scope: Construct,
    private readonly artifacts: Artifacts,
    private readonly role: StateMachineRole,
    private readonly stateMachine: sfn.IStateMachine,
  ) {
  }

  /** Lets a job write its outputs and read its inputs, and the state machine read what it decides on or fans out over. */
  public connect(job: BatchJob, fanOut?: FanOut): void {
    for (const output of job._outputs) this.artifacts.grantWrite(job, output);
    if (job._compute.spot?._checkpoint === true) this.artifacts.grantCheckpoints(job);
    for (const input of [...Object.values(job._inputs), ...fanOut?._inputs ?? []]) this.artifacts.grantRead(job, input);
    for (const output of job._when?._parts.outputs ?? []) this.artifacts.grantResult(this.role, output);
    if (fanOut?._items === undefined) return;
    for (const statement of itemSourceStatements(fanOut._items.source, this.artifacts)) this.role.addToPrincipalPolicy(statement);
    if (this.mapPolicy !== undefined) return;
    this.mapPolicy = this.role.allowMaps(this.scope, this.stateMachine);
    this.artifacts.grantItems(this.role);
  }
}
