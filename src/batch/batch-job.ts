import * as batch from 'aws-cdk-lib/aws-batch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AfterSkipped } from './after-skipped';
import type { ComputeLane } from './compute/compute-lane';
import type { JobAllowance } from './compute/job-allowance';
import { renderPlatform } from './compute/job-platform';
import { checkLane } from './compute/lane-checks';
import type { PipelineLanes } from './compute/pipeline-lanes';
import { sharedCaller } from './compute/shared-caller';
import { checkSpot } from './compute/spot-checks';
import { shieldFromTags } from './compute/tag-shield';
import type { FanOut } from './fan-out';
import { JobCompute } from './job-compute';
import type { JobCondition } from './job-condition';
import { checkDataNames } from './job-data-names';
import { checkEnvironment, renderEnvironment } from './job-environment';
import { renderFileSystem } from './job-file-system';
import { bindImage } from './job-image';
import type { JobOptions } from './job-options';
import { JobOutput } from './job-output';
import { outputsReadBy } from './job-reads';
import { retryStrategy } from './job-retries';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import { reachGranted } from '../cluster/reach-granted';
import { endpointsOfSecrets } from '../cluster/secret-endpoints';
import { checkInteger, checkPattern, checkSeconds } from '../private/check';
import { fail, show } from '../private/fail';
import { observeGrants } from '../private/observe-grants';
import { servicePrincipal } from '../private/workload-role';
import type { Caller } from '../service/admit-caller';
import { callDirectly } from '../service/direct-address';
import type { IEcsMicroservice } from '../service/iecs-microservice';
import { urlVariable } from '../service/outgoing-calls';

/** What the jobs of a pipeline have in common. */
interface JobSurroundings {
  readonly executionRole: iam.IRole;
  readonly logGroup: logs.ILogGroup;
  readonly cluster: IFargateCluster;
  readonly lanes: PipelineLanes;
  /** Lets the state machine submit jobs that take of a resource. */
  readonly allow: (resourceArn: string) => void;
  /** Whose security group the jobs have. */
  readonly pipeline: Caller;
}

/** What the state machine needs to know to submit a job and to wait for it. */
interface JobSubmission {
  readonly fanOut?: FanOut;
  /** Of each item. */
  readonly vcpus: number;
  readonly timeout: Duration;
  /** The most attempts that one item can have. */
  readonly attempts: number;
}

/**
 * A job of a pipeline: a container that runs to its end.
 *
 * Made by `EcsBatchPipeline.addJob`. Creates one job definition, which costs nothing. Its revisions are kept when it changes, so that executions under way
 * end with what they began with. The process has no AWS credentials until something is granted to the job, which gives it a role of its own.
 *
 * @example
 * declare const pipeline: EcsBatchPipeline;
 * declare const bucket: s3.IBucket;
 * const extract = pipeline.addJob('Extract', { image });
 * bucket.grantRead(extract);
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/jobs.html
 */
export class BatchJob extends Construct implements iam.IGrantable {
  /** @internal */
  public static _create(scope: Construct, id: string, options: JobOptions, surroundings: JobSurroundings): BatchJob {
    return new BatchJob(scope, id, options, surroundings);
  }

  /** The job definition: the escape hatch to what this class has no word for. */
  public readonly definition: batch.CfnJobDefinition;

  /** The ARN of the job definition, with its revision. */
  public readonly jobDefinitionArn: string;

  /** @internal */
  public readonly _after: BatchJob[];

  /** @internal */
  public readonly _when?: JobCondition;

  /** @internal */
  public readonly _afterSkipped: AfterSkipped;

  /** @internal What it runs on. */
  public readonly _compute: ReturnType<JobCompute['_bind']>;

  /** @internal Under which events of the job tell of its pipeline. */
  public get _pipelinePath(): string {
    return this.pipeline.node.path;
  }

  /** @internal Where it waits and runs. */
  public readonly _lane: ComputeLane;

  /** @internal How often it is tried when its process fails. */
  public readonly _attempts: number;

  /** @internal */
  public readonly _submission: JobSubmission;

  /** @internal */
  public readonly _outputs: JobOutput[];

  /** @internal */
  public readonly _inputs: { [name: string]: JobOutput };

  private readonly cluster: IFargateCluster;
  private readonly pipeline: Caller;
  private readonly serviceUrls: Record<string, string> = {};
  private readonly allow: (resourceArn: string) => void;
  private readonly taken: batch.CfnJobDefinition.ConsumableResourceRequirementProperty[] = [];
  private role?: iam.Role;

  private constructor(scope: Construct, id: string, options: JobOptions, surroundings: JobSurroundings) {
    super(scope, id);
    this.validate(options);
    const compute = this._compute = (options.compute ?? JobCompute.size({ vcpus: 1, memory: Size.gibibytes(2) }))._bind();
    const timeout = options.timeout ?? Duration.hours(24);
    this._lane = surroundings.lanes.laneOf(compute);
    this._lane.noteTimeout(timeout);
    checkLane(this, compute, this._lane);
    checkSpot(this, compute, options, timeout);

    this.cluster = surroundings.cluster;
    this.pipeline = surroundings.pipeline;
    this.allow = surroundings.allow;
    this._outputs = (options.outputs ?? []).map((name) => JobOutput._of(this, name));
    this._inputs = { ...options.inputs };
    this._when = options.when;
    this._afterSkipped = options.afterSkipped ?? AfterSkipped.SKIP;
    this._after = [...new Set([...options.after ?? [], ...outputsReadBy(options).map((output) => output.job)])];
    this._attempts = options.attempts ?? 1;
    const retry = retryStrategy(this._attempts, { platform: compute.platform, spotAttempts: compute.spot?._attempts });
    this._submission = { fanOut: options.fanOut, vcpus: compute.vcpus, timeout, attempts: retry.attempts! };

    this.definition = new batch.CfnJobDefinition(this, 'Definition', {
      type: 'container',
      platformCapabilities: [compute.platform],
      propagateTags: true,
      schedulingPriority: compute.priority,
      consumableResourceProperties: Lazy.any({ produce: () => this.taken.length === 0 ? undefined : { consumableResourceList: this.taken } }),
      resourceRetentionPolicy: { skipDeregisterOnUpdate: true },
      retryStrategy: retry,
      timeout: { attemptDurationSeconds: timeout.toSeconds() },
      containerProperties: {
        ...this.renderContainer(options, surroundings),
        ...renderPlatform(compute, surroundings.cluster),
      },
    });
    shieldFromTags(this.definition);
    this.jobDefinitionArn = this.definition.ref;
  }

  /** @internal The tags that apps, stacks and constructs have for it. They go to the jobs, once all are known. */
  public get _tags(): { [key: string]: string } {
    return this.definition.tags.tagValues();
  }

  /** The role of the job's process. It is created when something is granted to it for the first time. */
  public get grantPrincipal(): iam.IPrincipal {
    // not with an inline policy: a job may be allowed to start its own pipeline, whose definition names the job.
    this.role ??= this.createRole();
    return this.role;
  }

  private createRole(): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: servicePrincipal(this, 'ecs-tasks.amazonaws.com'),
      permissionsBoundary: this.cluster._permissionsBoundary,
    });
    // jobs start long after their stack is deployed: nothing needs to wait for the endpoints.
    observeGrants(role, (actions) => void reachGranted(this, this.cluster._egress, actions));
    return role;
  }

  /**
   * What this job leaves for later jobs, to be given to their `inputs`.
   *
   * @param name one of the job's `outputs`
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * const extract = pipeline.addJob('Extract', { image, outputs: ['rows'] });
   * pipeline.addJob('Train', { image, inputs: { rows: extract.output('rows') } });
   */
  public output(name: string): JobOutput {
    const found = this._outputs.find((output) => output.name === name);
    if (found === undefined) {
      const known = this._outputs.map((output) => output.name);
      fail(this, `'name' must be one of the job's outputs, which are ${show(known)}, got ${show(name)}; add it to the job's 'outputs'`);
    }
    return found;
  }

  /**
   * Lets the job call a service, which it finds in `<NAME>_URL` (`ORDERS_URL`), unless `environment` or `secrets` have that already.
   *
   * Service Connect is not for jobs: the service needs a route inside the network, or a name in DNS. The URL is that of the load balancer, without the path
   * of the route, or that of the name. Opens the security group of the load balancer, or of the service, for all jobs of the pipeline.
   *
   * @example
   * declare const pipeline: EcsBatchPipeline;
   * const orders = new EcsMicroservice(this, 'Orders', { cluster, image, routes: [ServiceRoute.insideVpc({ paths: ['/orders/*'] })] });
   * pipeline.addJob('Export', { image }).connectTo(orders); // ORDERS_URL + '/orders/...'
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-connecting-services.html
   */
  public connectTo(service: IEcsMicroservice): void {
    this.serviceUrls[urlVariable(service)] = callDirectly(this, this.caller(), service);
  }

  /**
   * Takes something of which there is only so much, for as long as the job runs. It waits in its queue until there is enough. Each item of a fan-out takes for itself.
   *
   * Under the hood, this is `ConsumableResourceProperties` of the job definition.
   *
   * @param quantity how much of it, 1 or more
   *
   * @example
   * declare const train: BatchJob;
   * train.takes(new JobAllowance(this, 'Licences', { quantity: 10 }), 2);
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/resource-aware-scheduling.html
   */
  public takes(allowance: JobAllowance, quantity: number): void {
    checkInteger(this, 'quantity', quantity, 1, 1_000_000_000, 'omit the call for none');
    this.taken.push({ consumableResource: allowance.consumableResourceArn, quantity });
    this.allow(allowance.consumableResourceArn);
  }

  private caller(): Caller {
    const { on } = this._compute;
    return on === undefined ? this.pipeline : sharedCaller(this.pipeline, on);
  }

  private validate(options: JobOptions): void {
    checkPattern(this, 'id', this.node.id, /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/,
      "1 to 80 letters, digits, '-' and '_', a letter or digit first", 'choose another: it names the job in AWS Batch and its state in Step Functions');
    if (options.fanOut?._items !== undefined) {
      checkPattern(this, 'id', this.node.id, /^.{1,75}$/, 'at most 75 characters where the job has items', 'shorten it: each item is a state named after it');
    }
    checkSeconds(this, 'timeout', options.timeout, 60, 14 * 86_400, 'Fargate stops each task after 14 days at the latest, and no instance should be relied on for longer');
    checkInteger(this, 'attempts', options.attempts, 1, 10, 'retry more often outside of the pipeline');
    checkDataNames(this, options.outputs ?? [], Object.keys(options.inputs ?? {}));
    checkEnvironment(this, options);
  }

  private renderContainer(options: JobOptions, surroundings: JobSurroundings): batch.CfnJobDefinition.ContainerPropertiesProperty {
    const { executionRole } = surroundings;
    const { imageName, repositoryCredentials } = bindImage(this, options.image, executionRole);
    const problem = surroundings.cluster._egress.pullProblem(this, imageName);
    if (problem !== undefined) fail(this, problem);
    surroundings.cluster._egress.reach(this, ...endpointsOfSecrets(options.secrets));
    return {
      image: imageName,
      repositoryCredentials: repositoryCredentials && { credentialsParameter: repositoryCredentials.credentialsParameter! },
      command: options.command,
      user: options.user,
      environment: Lazy.any({ produce: () => renderEnvironment(options, this.serviceUrls) }),
      secrets: this.renderSecrets(options, executionRole),
      executionRoleArn: executionRole.roleArn,
      jobRoleArn: Lazy.string({ produce: () => this.role?.roleArn }),
      ...renderFileSystem(this, options.writablePaths ?? ['/tmp']),
      logConfiguration: this.renderLogging(surroundings.logGroup),
    };
  }

  private renderSecrets({ secrets = {} }: JobOptions, executionRole: iam.IRole): batch.CfnJobDefinition.SecretProperty[] | undefined {
    const variables = Object.entries(secrets).map(([name, secret]) => {
      secret.grantRead(executionRole);
      return { name, valueFrom: secret.arn };
    });
    return variables.length === 0 ? undefined : variables;
  }

  /** Batch takes no delivery mode: its jobs wait rather than lose lines, unlike services, which must go on answering. */
  private renderLogging(logGroup: logs.ILogGroup): batch.CfnJobDefinition.LogConfigurationProperty {
    return {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': logGroup.logGroupName,
        'awslogs-region': Stack.of(this).region,
        'awslogs-stream-prefix': this.node.id,
      },
    };
  }
}
