import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { PipelineCeiling } from './compute/pipeline-ceiling';
import type { OnJobFailure } from './on-job-failure';
import type { PipelineParameter } from './pipeline-parameter';
import type { PipelineTrigger } from './pipeline-trigger';
import type { IFargateCluster } from '../cluster/ifargate-cluster';
import type { RunOverlap } from '../task/run-overlap';

/** Properties of `EcsBatchPipeline`. */
export interface EcsBatchPipelineProps {
  /** The cluster whose network the jobs run in, and whose profile says how long their logs are kept. */
  readonly cluster: IFargateCluster;

  /**
   * The bucket in which jobs leave what later jobs need: `<pipeline>/<execution>/<job>/<output>`.
   *
   * Give one where the artifacts shall live longer, be encrypted with a key of yours or be shared. It needs a lifecycle rule of its own. With a fan-out over
   * items, it must be in the account and the Region of the pipeline: AWS writes down there what became of the items.
   *
   * @default - created with the first output of a job, or its first fan-out over items: encrypted, private, objects expire after 90 days. The production profile keeps it when the stack
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

  /**
   * When the pipeline starts. Others are added by `addTrigger`.
   *
   * @default - by hand: with `aws stepfunctions start-execution`, by whom `stateMachine.grantStartExecution` allows it
   */
  readonly trigger?: PipelineTrigger;

  /**
   * What each execution may be given, by name: 1 to 50 letters, digits and `_`, a letter first.
   *
   * The input of an execution is a JSON object of them: `{"day": "2026-11-25"}`. What it does not say has its default. A key that is not declared, a value of another type or
   * one that is not allowed fails the execution at once, before any job, with a cause that says what is allowed; what triggers give is checked at synthesis. A
   * redrive keeps the values. Jobs find them in `PARAMETER_<NAME>`, and as `Ref::<name>`, a word of its own, in their command. They are readable in the console and
   * in logs: no secrets here.
   *
   * Five state transitions an execution.
   *
   * @default - none: the input of an execution is not looked at
   * @see https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html#parameters
   */
  readonly parameters?: { [name: string]: PipelineParameter };

  /**
   * What happens when the pipeline is to start while another execution of it has not ended. An execution that is redriven counts, but does not wait itself.
   *
   * @default RunOverlap.allow()
   */
  readonly overlap?: RunOverlap;

  /**
   * What an execution may use at worst: more fails at synthesis, before it costs anything.
   *
   * Counted are the jobs' sizes, time-outs, attempts and array sizes, as `estimate()` tells; fan-outs over items cannot be counted, and are an error beside it.
   * Creates nothing. What is running by the hour, `maxVcpus` bounds.
   *
   * @default - no ceiling
   */
  readonly ceiling?: PipelineCeiling;
}
