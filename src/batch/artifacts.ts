import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BatchJob } from './batch-job';
import type { JobOutput } from './job-output';
import type { StateMachineRole } from './state-machine-role';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { defaultsOf } from '../private/profile-defaults';

/** An artifact that nobody fetched for so long is only of interest to the bill. */
const LIFETIME = Duration.days(90);

/** In the place of a job's id, which begins with a letter or a digit. */
const ITEMS = '.items';
/** To write objects, to look at what was written, and to begin anew. */
const WRITING = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];

/**
 * Where the jobs of a pipeline leave what later jobs need: `<pipeline>/<execution>/<job>/<output>` in one bucket.
 *
 * The execution is part of each key, so that two executions at once do not mix; a redrive keeps it.
 */
export class Artifacts {
  private own?: s3.Bucket;

  constructor(private readonly scope: Construct, private readonly profile: ClusterProfile, private readonly given?: s3.IBucket) {
  }

  /** Made when the first job has an output. */
  public get bucket(): s3.IBucket {
    return this.given ?? (this.own ??= createBucket(this.scope, defaultsOf(this.profile).removalPolicy));
  }

  /** Whether the artifacts lie in this bucket. */
  public areIn(bucket: s3.IBucket): boolean {
    return (this.given ?? this.own)?.bucketName === bucket.bucketName;
  }

  /** Readable, and apart from those of other pipelines that share the bucket. */
  public get prefix(): string {
    return Names.uniqueResourceName(this.scope, { maxLength: 100, separator: '-' });
  }

  /** The S3 URI, as an intrinsic function of Step Functions: only an execution knows its own name. */
  public uri({ _path }: JobOutput, executionPath: string): string {
    return `States.Format('s3://${this.bucket.bucketName}/${this.prefix}/{}/${_path}', ${executionPath})`;
  }

  /** Where a job keeps its checkpoints, likewise. No output can have that name. */
  public checkpointUri(job: BatchJob, executionPath: string): string {
    return `States.Format('s3://${this.bucket.bucketName}/${this.prefix}/{}/${checkpointPath(job)}', ${executionPath})`;
  }

  /** The key of an output that is one object, likewise. */
  public key({ _path }: JobOutput, executionPath: string): string {
    return `States.Format('${this.prefix}/{}/${_path}', ${executionPath})`;
  }

  /** What the keys below an output begin with, likewise. */
  public keyPrefix({ _path }: JobOutput, executionPath: string): string {
    return `States.Format('${this.prefix}/{}/${_path}/', ${executionPath})`;
  }

  /** What the keys of what Step Functions writes of the items of a job begin with. No output can have such a name. */
  public itemsPrefix(job: string, executionPath: string): string {
    return `States.Format('${this.prefix}/{}/${ITEMS}/${job}', ${executionPath})`;
  }

  /** Lets the state machine write down what has become of items. */
  public grantItems(role: StateMachineRole): void {
    role.allowToWriteItems(this.bucket, `${this.prefix}/*/${ITEMS}/*`);
  }

  /** The keys of an output, of any execution. The names of executions are not known, so that IAM cannot tell them apart. */
  public keys({ _path }: JobOutput): string[] {
    return [`${this.prefix}/*/${_path}`, `${this.prefix}/*/${_path}/*`];
  }

  /** Lets a job write its output, look at what it wrote, and begin anew. */
  public grantWrite(job: BatchJob, output: JobOutput): void {
    this.grant(job, this.keys(output), WRITING);
    this.bucket.encryptionKey?.grantEncryptDecrypt(job);
  }

  /** Lets a job keep checkpoints. */
  public grantCheckpoints(job: BatchJob): void {
    this.grant(job, [`${this.prefix}/*/${checkpointPath(job)}/*`], WRITING);
    this.bucket.encryptionKey?.grantEncryptDecrypt(job);
  }

  /** Lets a job read what another has written. */
  public grantRead(grantee: iam.IGrantable, output: JobOutput): void {
    this.grant(grantee, this.keys(output), ['s3:GetObject']);
    this.bucket.encryptionKey?.grantDecrypt(grantee);
  }

  /** Lets the state machine read an output that is one object. */
  public grantResult(role: StateMachineRole, { _path }: JobOutput): void {
    role.allowToReadResult(this.bucket, `${this.prefix}/*/${_path}`, `${this.prefix}/*`);
  }

  private grant(grantee: iam.IGrantable, keys: string[], actions: string[]): void {
    const { grantPrincipal } = grantee;
    grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources: keys.map((key) => this.bucket.arnForObjects(key)) }));
    grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': keys } },
    }));
  }
}

function checkpointPath(job: BatchJob): string {
  return `${job.node.id}/_checkpoints`;
}

function createBucket(scope: Construct, removalPolicy: RemovalPolicy): s3.Bucket {
  return new s3.Bucket(scope, 'Artifacts', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: LIFETIME, abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY, // CloudFormation does not delete a bucket that holds something
  });
}
