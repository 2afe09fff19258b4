import type * as batch from 'aws-cdk-lib/aws-batch';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { tellOfAddedEdges } from './added-edges';
import { Artifacts } from './artifacts';
import { BatchJob } from './batch-job';
import { FailureReports } from './failure-reports';
import type { FanOut } from './fan-out';
import { type CompiledGraph, compileGraph } from './graph/job-graph';
import { itemSourceStatements } from './item-source';
import { checkCondition, checkFit, checkOwnJobs, definitionProblems, warnOfItems } from './job-checks';
import type { JobOptions } from './job-options';
import { createComputeEnvironment, createJobQueue } from './job-queue';
import { flowJob } from './job-state';
import { renderStateMachine } from './machine/state-machine-definition';
import type { OnJobFailure } from './on-job-failure';
import { renderMermaid } from './pipeline-mermaid';
import { renderRunbook } from './pipeline-runbook';
import { showPipeline } from './show-pipeline';
import { StateMachineRole } from './state-machine-role';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { checkInteger } from '../private/check';
import { createLogGroup } from '../private/log-group';
import { createSecurityGroup } from '../private/security-group';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** Properties of `EcsBatchPipeline`. */
export interface EcsBatchPipelineProps {
  /** The cluster whose network the jobs run in, and whose profile says how long their logs are kept. */
  readonly cluster: IFargateCluster;

  /**
   * The bucket in which jobs leave what later jobs need: `<pipeline>/<execution>/<job>/<output>`.
   *
   * Give one where the artifacts shall live longer, be encrypted with a key of yours or be shared. It needs a lifecycle rule of its own.
   *
   * @default - created with the first output of a job: encrypted, private, objects expire after 90 days. The production profile keeps it when the stack
   * is deleted, the development profile deletes it with all objects. S3 charges by what is stored
   */
  readonly artifactBucket?: s3.IBucket;

  /**
   * What the pipeline is for, shown in the console of Step Functions.
   *
   * Under the hood, this is the `Comment` of the state machine's definition.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * The most vCPUs that the jobs of all executions use at the same time, 1 to 100,000. Further jobs wait in the queue.
   *
   * It is a ceiling on what the pipeline costs by the hour; nothing is reserved and an idle pipeline costs nothing. The account's own quota of Fargate
   * vCPUs may be lower. Under the hood, this is `MaxvCpus` of the compute environment.
   *
   * @default 256
   * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html
   */
  readonly maxVcpus?: number;

  /**
   * What becomes of the jobs beside it when a job has failed for good: they are stopped, or let finish.
   *
   * Either way the execution fails in the end, a report of the job goes out at once, and a redrive repeats nothing that has succeeded: but for a fan-out
   * over items, which with `FINISH_OTHERS` begins with all its items anew. With `FINISH_OTHERS` an execution costs one or two more state transitions a job.
   *
   * @default OnJobFailure.STOP_OTHERS
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
   */
  readonly onJobFailure?: OnJobFailure;
}

/**
 * Heavy or long jobs that run on AWS Batch, each as soon as those that it waits for have succeeded.
 *
 * Creates a Batch compute environment on Fargate and a job queue, a Standard state machine with its role, an execution role, a security group, a log group,
 * and a job definition for each job. Idle, all of this costs nothing; vCPUs and memory are charged while jobs run, state transitions (a few a job) and
 * logs by volume.
 *
 * Where the cluster has alarm actions with SNS topics, two EventBridge rules report to them which job failed, with its reason and its log, and which
 * execution ended without success, with the command that redrives it.
 *
 * The graph of the jobs is compiled into one state machine. Where it cannot express the graph as it is, the compiler adds as few edges as it finds
 * necessary and an information annotation names them. A job that fails for good fails the execution; a redrive of the execution starts with what failed.
 *
 * @example
 * const etl = new EcsBatchPipeline(this, 'Etl', { cluster });
 * const extract = etl.addJob('Extract', { image, command: ['extract.py'] });
 * const clean = etl.addJob('Clean', { image, command: ['clean.py'], after: [extract], fanOut: FanOut.array(50) });
 * etl.addJob('Train', {
 *   image,
 *   command: ['train.py'],
 *   after: [clean],
 *   compute: JobCompute.size({ vcpus: 4, memory: Size.gibibytes(16) }),
 *   timeout: Duration.hours(6),
 * });
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html
 */
export class EcsBatchPipeline extends Construct implements ec2.IConnectable, IWatchedWorkload {
  /** The state machine that runs the jobs. Start an execution of it to run the pipeline; grant others to with its `grantStartExecution`. */
  public readonly stateMachine: sfn.StateMachine;

  /** The queue that the jobs wait in: the escape hatch to what this class has no word for. */
  public readonly jobQueue: batch.CfnJobQueue;

  /** The compute environment that the jobs run in: the escape hatch to what this class has no word for. */
  public readonly computeEnvironment: batch.CfnComputeEnvironment;

  /** With which AWS starts the containers: pulls images, writes logs, reads secrets. The jobs' own code does not have it. */
  public readonly executionRole: iam.IRole;

  /** Where the jobs' output goes: a log stream for each attempt, with the job's id as its prefix. */
  public readonly logGroup: logs.ILogGroup;

  /** Whom the jobs may call. They can call everybody, and nobody can call them. */
  public readonly connections: ec2.Connections;

  private readonly cluster: IFargateCluster;
  private readonly maxVcpus: number;
  private readonly description?: string;
  private readonly onJobFailure?: OnJobFailure;
  private readonly stateMachineRole: StateMachineRole;
  private readonly jobs: BatchJob[] = [];
  private readonly jobScope: Construct;
  private readonly artifacts: Artifacts;
  private mapPolicy?: iam.Policy;
  private compiled?: { readonly jobs: number; readonly graph: CompiledGraph };
  private isAnnotated = false;

  constructor(scope: Construct, id: string, props: EcsBatchPipelineProps) {
    super(scope, id);
    const { cluster } = props;
    this.cluster = cluster;
    this.maxVcpus = props.maxVcpus ?? 256;
    this.description = props.description;
    this.onJobFailure = props.onJobFailure;
    checkInteger(this, 'maxVcpus', props.maxVcpus, 1, 100_000, 'give the most vCPUs that jobs may use at the same time');

    this.executionRole = new WorkloadRole(this, 'ExecutionRole', {
      assumedBy: servicePrincipal(this, 'ecs-tasks.amazonaws.com'),
      permissionsBoundary: cluster._permissionsBoundary,
    });
    this.logGroup = createLogGroup(this, cluster.profile);
    this.logGroup.grantWrite(this.executionRole);

    const securityGroup = createSecurityGroup(this, 'SecurityGroup', cluster.vpc, 'Jobs of a pipeline');
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.computeEnvironment = createComputeEnvironment(this, cluster, securityGroup, this.maxVcpus);
    this.jobQueue = createJobQueue(this, this.computeEnvironment);

    this.artifacts = new Artifacts(this, cluster.profile, props.artifactBucket);
    this.stateMachineRole = new StateMachineRole(this, 'StateMachineRole', {
      jobQueueArn: this.jobQueue.attrJobQueueArn,
      permissionsBoundary: cluster._permissionsBoundary,
    });
    this.stateMachine = this.createStateMachine();
    this.jobScope = new Construct(this, 'Jobs');
    this.createReports(cluster.alarmActions);
    showPipeline(this, { stateMachineArn: this.stateMachine.stateMachineArn, jobs: () => this.jobs.map((job) => job.node.id) });
    this.node.addValidation({ validate: () => this.findProblems() });
  }

  /** Where the jobs leave what later jobs need. It is made when it is asked for the first time. */
  public get artifactBucket(): s3.IBucket {
    return this.artifacts.bucket;
  }

  /** What the keys of all artifacts of this pipeline begin with. The name of the execution, the job and the output follow: `<prefix>/<execution>/<job>/<output>`. */
  public get artifactPrefix(): string {
    return this.artifacts.prefix;
  }

  /**
   * Adds a job, which starts as soon as all jobs in `after` have succeeded.
   *
   * Creates a job definition. The job finds the name of the execution that it belongs to in `PIPELINE_EXECUTION_ID`: put it into the names of what the job
   * writes, so that the results of two executions do not mix. A redrive keeps the name.
   *
   * @param id names the job in AWS Batch, its state in Step Functions and its log streams; unique in the pipeline; 1 to 80 letters, digits, `-` and `_`
   * @param options what the job runs, and when
   *
   * @example
   * declare const etl: EcsBatchPipeline;
   * const extract = etl.addJob('Extract', { image });
   * etl.addJob('Load', { image, after: [extract], attempts: 3 });
   */
  public addJob(id: string, options: JobOptions): BatchJob {
    checkOwnJobs(this, id, options, this.jobs);
    checkCondition(this, id, options);
    const job = BatchJob._create(this.jobScope, id, options, {
      executionRole: this.executionRole,
      logGroup: this.logGroup,
      cluster: this.cluster,
      pipeline: this,
    });
    checkFit(job, this.maxVcpus);
    warnOfItems(job, this.onJobFailure);
    this.jobs.push(job);
    this.stateMachineRole.allowToSubmit(job.jobDefinitionArn);
    this.connectData(job, options.fanOut);
    return job;
  }

  /**
   * The graph of the jobs as a flowchart of Mermaid: what waits for what, what is handed on, which jobs have conditions.
   *
   * Most renderers of Markdown draw it, in a code block of the language `mermaid`. Ask for it once all jobs are added.
   */
  public toMermaid(): string {
    return renderMermaid(this.jobs, this.compile().added);
  }

  /**
   * A page of Markdown for whoever is on call: the jobs with their compute, size, time-out, retries, conditions and logs, and what to do after a failure.
   *
   * Its links hold names that only the deployment knows, so it is to be deployed: in a text widget of a dashboard, for instance. Ask for it once all jobs
   * are added.
   *
   * @example
   * declare const etl: EcsBatchPipeline;
   * declare const dashboard: cloudwatch.Dashboard;
   * dashboard.addWidgets(new cloudwatch.TextWidget({ markdown: etl.toRunbook(), width: 24, height: 12 }));
   */
  public toRunbook(): string {
    const { description, jobs, onJobFailure, logGroup: { logGroupName }, stateMachine: { stateMachineArn } } = this;
    return renderRunbook(this, { description, jobs, onJobFailure, logGroupName, stateMachineArn });
  }

  private connectData(job: BatchJob, fanOut?: FanOut): void {
    for (const output of job._outputs) this.artifacts.grantWrite(job, output);
    for (const input of [...Object.values(job._inputs), ...fanOut?._inputs ?? []]) this.artifacts.grantRead(job, input);
    for (const output of job._when?._parts.outputs ?? []) this.artifacts.grantResult(this.stateMachineRole, output);
    if (fanOut?._items === undefined) return;
    for (const statement of itemSourceStatements(fanOut._items.source, this.artifacts)) this.stateMachineRole.addToPrincipalPolicy(statement);
    this.mapPolicy ??= this.stateMachineRole.allowMaps(this, this.stateMachine);
  }

  private createStateMachine(): sfn.StateMachine {
    return new sfn.StateMachine(this, 'StateMachine', {
      role: this.stateMachineRole,
      definitionBody: sfn.DefinitionBody.fromString(Lazy.string({
        produce: () => Stack.of(this).toJsonString({ Comment: this.description, ...this.renderDefinition() }),
      })),
    });
  }

  private createReports(alarmActions: cloudwatch.IAlarmAction[]): void {
    if (alarmActions.length === 0) return;
    new FailureReports(this, 'Reports', {
      pipeline: this.node.path,
      jobQueueArn: this.jobQueue.attrJobQueueArn,
      stateMachineArn: this.stateMachine.stateMachineArn,
      logGroupName: this.logGroup.logGroupName,
      alarmActions,
      permissionsBoundary: this.cluster._permissionsBoundary,
    });
  }

  private renderDefinition(): object {
    const surroundings = { jobQueueArn: this.jobQueue.attrJobQueueArn, maxVcpus: this.maxVcpus, artifacts: this.artifacts };
    const { root, added } = this.compile();
    if (!this.isAnnotated) tellOfAddedEdges(this, added);
    this.isAnnotated = true;
    return renderStateMachine(root, this.jobs.map((job) => flowJob(job, surroundings)), this.onJobFailure);
  }

  /** Anew only where jobs were added since. */
  private compile(): CompiledGraph {
    if (this.compiled?.jobs !== this.jobs.length) {
      const graph = compileGraph(this.jobs.map((job) => ({ id: job.node.id, after: job._after.map((earlier) => earlier.node.id) })));
      this.compiled = { jobs: this.jobs.length, graph };
    }
    return this.compiled.graph;
  }

  private findProblems(): string[] {
    return this.jobs.length === 0
      ? [`'addJob' must be called at least once, got no job; add one or remove the pipeline (at ${this.node.path})`]
      : definitionProblems(this, JSON.stringify(this.renderDefinition()).length, this.jobs.length);
  }
}
