import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { type Construct, DependencyGroup, type IDependable } from 'constructs';
import type { Artifacts } from './artifacts';
import type { EcsBatchPipeline } from './ecs-batch-pipeline';
import type { PipelineParameters } from './pipeline-parameters';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { fail } from '../private/fail';
import { defaultsOf } from '../private/profile-defaults';
import { allowListing } from '../task/overlap-policy';
import type { RunOverlap } from '../task/run-overlap';
import { createDeadLetters } from '../trigger/dead-letters';
import type { StartTarget } from '../trigger/start-target';
import { startOf } from '../trigger/state-machine-start';

/** What a pipeline starts with. */
interface PipelineStartProps {
  readonly cluster: IFargateCluster;
  readonly stateMachine: sfn.StateMachine;
  readonly role: iam.IRole;
  readonly parameters: PipelineParameters;
  readonly artifacts: Artifacts;
  readonly overlap: RunOverlap;
}

/** A pipeline, as its triggers see it. */
export class PipelineStart {
  public readonly target: StartTarget;
  public readonly parameters: PipelineParameters;
  public readonly artifacts: Artifacts;

  /** The pipelines whose ends start this one. */
  public readonly predecessors: EcsBatchPipeline[] = [];

  /** Whether executions may get their input as the only element of a list. */
  public takesMessages = false;

  private readonly prerequisites = new DependencyGroup();
  private deadLetters?: sqs.Queue;

  constructor(private readonly pipeline: EcsBatchPipeline, { cluster, stateMachine, role, parameters, artifacts, overlap }: PipelineStartProps) {
    this.parameters = parameters;
    this.artifacts = artifacts;
    this.waitsFor(stateMachine.node.defaultChild as sfn.CfnStateMachine);
    if (overlap._guard !== undefined) this.waitsFor(allowListing(pipeline, role, stateMachine.stateMachineArn));
    this.target = {
      noun: 'pipeline',
      ...startOf(stateMachine.stateMachineArn),
      permissionsBoundary: cluster._permissionsBoundary,
      startedBy: (resource) => resource.node.addDependency(this.prerequisites),
      deadLetters: () => this.deadLetters ??= createDeadLetters(pipeline, cluster.profile),
      alarmActions: defaultsOf(cluster.profile).alarms ? cluster.alarmActions : undefined,
    };
  }

  /** A trigger that fires before all is there would fail. */
  public waitsFor(resource: IDependable): void {
    this.prerequisites.add(resource);
  }

  /** Lets the ends of another pipeline start this one, unless that would never end. */
  public follow(trigger: Construct, other: EcsBatchPipeline): void {
    if (startsAfter(other, this.pipeline)) {
      fail(trigger, `'other' must be a pipeline that does not start after this one, got ${other.node.path}; each end would start the next execution, for ever`);
    }
    this.predecessors.push(other);
  }
}

/** Whether a pipeline is another one, or starts with its end, or with that of one which does. */
function startsAfter(pipeline: EcsBatchPipeline, other: EcsBatchPipeline): boolean {
  return pipeline === other || pipeline._predecessors.some((predecessor) => startsAfter(predecessor, other));
}
