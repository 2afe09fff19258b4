import type * as batch from 'aws-cdk-lib/aws-batch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CfnOutput, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Artifacts } from './artifacts';
import { BatchJob } from './batch-job';
import { connectCompute } from './compute/connect-compute';
import { ceilingProblems, checkCeiling, estimateOf } from './compute/estimate';
import { executionTimeout } from './compute/execution-time';
import type { PipelineCeiling, PipelineEstimate } from './compute/pipeline-ceiling';
import { PipelineLanes } from './compute/pipeline-lanes';
import type { EcsBatchPipelineProps } from './ecs-batch-pipeline-props';
import type { FailureReports } from './failure-reports';
import { checkCondition, checkOwnJobs, definitionProblems, warnOfItems } from './job-checks';
import { JobData } from './job-data';
import type { JobOptions } from './job-options';
import { flowJob } from './job-state';
import { jobTag } from './job-tag';
import { withPrelude } from './machine/prelude';
import { renderStateMachine } from './machine/state-machine-definition';
import type { OnJobFailure } from './on-job-failure';
import { watchPipeline } from './pipeline-alarms';
import { PipelineGraph } from './pipeline-graph';
import { renderMermaid } from './pipeline-mermaid';
import { PipelineParameters } from './pipeline-parameters';
import { renderRunbook } from './pipeline-runbook';
import { PipelineStart } from './pipeline-start';
import type { PipelineTrigger } from './pipeline-trigger';
import { redriveCommand } from './redrive-command';
import { showPipeline } from './show-pipeline';
import { StateMachineRole } from './state-machine-role';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { IWatchedWorkload } from '../observability/iwatched-workload';
import { RunMetrics } from '../observability/run-metrics';
import { WorkloadAlarms } from '../observability/workload-alarms';
import { checkInteger } from '../private/check';
import { createLogGroup } from '../private/log-group';
import { createSecurityGroup } from '../private/security-group';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';
import { RunOverlap } from '../task/run-overlap';

/**
 * Heavy or long jobs that run on AWS Batch, each as soon as those that it waits for have succeeded.
 *
 * Creates a Batch compute environment on Fargate and a job queue, a Standard state machine with its role, an execution role, a security group, a log group,
 * and a job definition for each job. Idle, all of this costs nothing; vCPUs and memory are charged while jobs run, state transitions (a few a job) and
 * logs by volume.
 *
 * Where the cluster has alarm actions with SNS topics, EventBridge rules report to them which job failed, with its reason and its log, which one blocks the
 * queue, and which execution ended without success, with the command that redrives it. The stack has this command as an output. In production two alarms tell
 * of failed executions and a blocked queue.
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

  /**
   * The command that takes up an execution that has failed, where it failed: put the name of the execution in the place of `EXECUTION_NAME`.
   *
   * It is an output of the stack. Reports of failed executions have it with the name.
   */
  public readonly redriveCommand: string;

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

  /** What CloudWatch knows of the executions: for alarms and dashboards of your own. */
  public readonly metrics: RunMetrics;

  /** The alarms of the pipeline. */
  public readonly alarms = WorkloadAlarms._create(this);

  private readonly cluster: IFargateCluster;
  private readonly lanes: PipelineLanes;
  private readonly description?: string;
  private readonly onJobFailure?: OnJobFailure;
  private readonly stateMachineRole: StateMachineRole;
  private readonly jobs: BatchJob[] = [];
  private readonly jobScope: Construct;
  private readonly artifacts: Artifacts;
  private readonly data: JobData;
  private readonly reports?: FailureReports;
  private readonly parameters: PipelineParameters;
  private readonly overlap: RunOverlap;
  private readonly start: PipelineStart;
  private readonly graph = new PipelineGraph(this, this.jobs);
  private readonly ceiling?: PipelineCeiling;

  constructor(scope: Construct, id: string, props: EcsBatchPipelineProps) {
    super(scope, id);
    const { cluster } = props;
    this.cluster = cluster;
    this.description = props.description;
    this.onJobFailure = props.onJobFailure;
    this.ceiling = props.ceiling;
    checkCeiling(this, props.ceiling);
    checkInteger(this, 'maxVcpus', props.maxVcpus, 1, 100_000, 'give the most vCPUs that jobs may use at the same time');

    this.executionRole = new WorkloadRole(this, 'ExecutionRole', {
      assumedBy: servicePrincipal(this, 'ecs-tasks.amazonaws.com'),
      permissionsBoundary: cluster._permissionsBoundary,
    });
    this.logGroup = createLogGroup(this, cluster.profile);
    this.logGroup.grantWrite(this.executionRole);

    const securityGroup = createSecurityGroup(this, 'SecurityGroup', cluster.vpc, 'Jobs of a pipeline');
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.lanes = new PipelineLanes(this, { cluster, securityGroup, maxVcpus: props.maxVcpus ?? 256 });
    [this.computeEnvironment] = this.lanes.fargateEnvironments.onDemand;
    this.jobQueue = this.lanes.fargate.jobQueue;

    this.parameters = new PipelineParameters(this, props.parameters);
    this.overlap = props.overlap ?? RunOverlap.allow();
    this.artifacts = new Artifacts(this, cluster.profile, props.artifactBucket);
    this.stateMachineRole = new StateMachineRole(this, 'StateMachineRole', {
      jobQueueArn: this.jobQueue.attrJobQueueArn,
      tagKeys: () => this.jobs.flatMap((job) => Object.keys(job._tags)),
      permissionsBoundary: cluster._permissionsBoundary,
    });
    this.stateMachine = this.createStateMachine();
    this.start = this.createStart();
    this.data = new JobData(this, { artifacts: this.artifacts, role: this.stateMachineRole, stateMachine: this.stateMachine, start: this.start });
    this.redriveCommand = redriveCommand(this.stateMachine);
    new CfnOutput(this, 'RedriveCommand', { value: this.redriveCommand, description: `Takes up an execution of ${this.node.path} that has failed` });
    this.jobScope = new Construct(this, 'Jobs');
    this.metrics = RunMetrics._create(this, this.stateMachine.stateMachineArn);
    this.reports = watchPipeline(this, cluster);
    showPipeline(this, { stateMachineArn: this.stateMachine.stateMachineArn, jobs: () => this.jobs.map((job) => job.node.id) });
    this.node.addValidation({ validate: () => this.findProblems() });
    if (props.trigger !== undefined) this.addTrigger('Trigger', props.trigger);
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
    this.parameters.checkJob(id, options);
    const job = BatchJob._create(this.jobScope, id, options, {
      executionRole: this.executionRole,
      logGroup: this.logGroup,
      cluster: this.cluster,
      lanes: this.lanes,
      allow: (resourceArn) => this.stateMachineRole.allowUse(resourceArn),
      pipeline: this,
    });
    warnOfItems(job, this.onJobFailure);
    this.jobs.push(job);
    this.stateMachineRole.allowToSubmit(job.jobDefinitionArn);
    connectCompute(job, { role: this.stateMachineRole, reports: this.reports, connections: this.connections });
    this.data.connect(job, options.fanOut);
    return job;
  }

  /**
   * Lets the pipeline start at further times or events, each with values of its own for the parameters.
   *
   * @param id the name of the construct below which the trigger puts what it creates
   * @param trigger when the pipeline starts
   *
   * @example
   * declare const etl: EcsBatchPipeline;
   * declare const uploads: s3.Bucket;
   * etl.addTrigger('OnUpload', PipelineTrigger.objectCreated(uploads, { prefix: 'in/' }));
   */
  public addTrigger(id: string, trigger: PipelineTrigger): void {
    trigger._bind(new Construct(this, id), this.start);
  }

  /** @internal Whether an execution may succeed without having done anything. */
  public get _maySkip(): boolean {
    return this.overlap._guard?.waitSeconds === 0;
  }

  /** @internal The pipelines whose ends start this one. */
  public get _predecessors(): EcsBatchPipeline[] {
    return this.start.predecessors;
  }

  /**
   * The graph of the jobs as a flowchart of Mermaid: what waits for what, what is handed on, which jobs have conditions.
   *
   * Most renderers of Markdown draw it, in a code block of the language `mermaid`. Ask for it once all jobs are added.
   */
  public toMermaid(): string {
    return renderMermaid(this.jobs, this.graph.compile().added);
  }

  /**
   * What an execution uses at worst: each job for as long as its time-out allows, as often as it may be tried, with all items of an array.
   *
   * Ask for it once all jobs are added. With `ceiling`, more than you want fails at synthesis.
   */
  public estimate(): PipelineEstimate {
    return estimateOf(this.jobs);
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
    const { description, jobs, parameters, onJobFailure, logGroup: { logGroupName }, stateMachine: { stateMachineArn } } = this;
    return renderRunbook(this, { description, jobs, parameters, onJobFailure, redriveCommand: this.redriveCommand, logGroupName, stateMachineArn });
  }

  private createStateMachine(): sfn.StateMachine {
    return new sfn.StateMachine(this, 'StateMachine', {
      role: this.stateMachineRole,
      definitionBody: sfn.DefinitionBody.fromString(Lazy.string({
        produce: () => Stack.of(this).toJsonString({ Comment: this.description, ...this.renderDefinition() }),
      })),
    });
  }

  private createStart(): PipelineStart {
    const { cluster, stateMachine, stateMachineRole: role, parameters, artifacts, overlap } = this;
    return new PipelineStart(this, { cluster, stateMachine, role, parameters, artifacts, overlap });
  }

  private renderDefinition(): object {
    const { artifacts, parameters } = this;
    const tag = jobTag(this.jobQueue.attrJobQueueArn);
    const { root } = this.graph.compile();
    this.graph.annotate();
    const machine = renderStateMachine(root, this.jobs.map((job) => flowJob(job, { artifacts, parameters, tag })), this.onJobFailure);
    const whole = withPrelude(machine, {
      partition: Stack.of(this).partition, parameters: parameters.flow, guard: this.overlap._guard, takesMessages: this.start.takesMessages,
    });
    return { TimeoutSeconds: executionTimeout(root, this.jobs, this.overlap._guard?.waitSeconds), ...whole };
  }

  private findProblems(): string[] {
    if (this.jobs.length === 0) return [`'addJob' must be called at least once, got no job; add one or remove the pipeline (at ${this.node.path})`];
    const length = JSON.stringify(this.renderDefinition()).length;
    return [...definitionProblems(this, length, this.jobs.length), ...ceilingProblems(this, this.jobs, this.ceiling)];
  }
}
