import { ClusterProfile } from '../../src';

/**
 * The findings of cdk-nag that stay, each with its reason. A finding that is not here fails the test, and so does a line here that is no longer found.
 */
export interface Acknowledged {
  readonly rules: string[];
  /** Paths below the stack. Each rule is found at each of them. */
  readonly resources: string[];
  readonly reason: string;
  /** Where it is found, if not in each profile. */
  readonly profiles?: ClusterProfile[];
}

/** What each job writes and reads. */
const ARTIFACTS: Record<string, string[]> = { Extract: ['Extract/raw'], Clean: ['Extract/raw', 'Clean/clean'], Train: ['Clean/clean', 'Train/model'] };

/** What every public load balancer has. */
const PUBLIC_INGRESS: Acknowledged[] = [
  {
    rules: ['AwsSolutions-EC23'],
    resources: ['Platform/PublicIngress/SecurityGroup/Resource'],
    reason: 'The load balancer is public because a service asked for an internet-facing route.',
  },
  {
    rules: ['AwsSolutions-S1'],
    resources: ['Platform/PublicIngress/AccessLogs/Resource'],
    reason: 'The bucket holds access logs itself: logging access to it would never end.',
  },
];

/** What one public service has. */
export const PUBLIC_SERVICE: Acknowledged[] = [
  ...PUBLIC_INGRESS,
  {
    rules: ['AwsSolutions-ECS2'],
    resources: ['Orders/TaskDefinition/Resource'],
    reason: 'Plain settings: the port, and how long to keep idle connections. What is secret comes from Secrets Manager.',
  },
];

export const ACKNOWLEDGED: Acknowledged[] = [
  ...PUBLIC_INGRESS,
  {
    rules: ['AwsSolutions-S1'],
    resources: ['Pricing/Artifacts/Resource'],
    reason: 'What jobs hand to each other, for 90 days; a pipeline whose data matters is given a bucket with access logs.',
  },
  {
    rules: ['AwsSolutions-ECS2'],
    resources: ['Orders/TaskDefinition/Resource', 'Storefront/TaskDefinition/Resource'],
    reason: 'Plain settings: the port and the address of another service. What is secret comes from Secrets Manager.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    resources: ['Orders/ExecutionRole/Resource', 'Storefront/ExecutionRole/Resource', 'Pricing/ExecutionRole/Resource'],
    reason: 'ecr:GetAuthorizationToken knows no resources: AWS accepts it for * only.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]', 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:batch:us-east-1:123456789012:job/*]'],
    resources: ['Pricing/StateMachineRole/Resource'],
    reason: 'batch:DescribeJobs knows no resources, and a job has no ARN before it is submitted, so ending one is allowed for all jobs of the account.',
  },
  {
    rules: ['Extract', 'Clean', 'Train'].map((job) => `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:batch:us-east-1:123456789012:${definitionOf(job)}:*]`),
    resources: ['Pricing/StateMachineRole/Resource'],
    reason: 'Every revision of just this job definition: an execution that is redriven submits the revision that it began with.',
  },
  ...['Extract', 'Clean', 'Train'].map((job): Acknowledged => ({
    rules: ARTIFACTS[job].flatMap((output) => ['', '/*'].map((below) => (
      `AwsSolutions-IAM5[Resource::<PricingArtifacts4D46D7A1.Arn>/Shop-Pricing-70B202D4/*/${output}${below}]`))),
    resources: [`Pricing/Jobs/${job}/Role/DefaultPolicy/Resource`],
    reason: 'Outputs and inputs of the job, of any execution: what an execution is called is known when it starts.',
  })),
  {
    rules: [
      ...['GetBucket', 'GetObject', 'List'].map((action) => `AwsSolutions-IAM5[Action::s3:${action}*]`),
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-123456789012-us-east-1/*]',
    ],
    resources: ['Pricing/Jobs/Extract/Role/DefaultPolicy/Resource'],
    reason: 'The input is a CDK asset, and the CDK grants reading the bucket of assets as a whole.',
  },
  {
    rules: ['AwsSolutions-SF1', 'AwsSolutions-SF2'],
    resources: ['Pricing/StateMachine/Resource'],
    reason: 'A Standard execution keeps every event in its own history for 90 days, and Batch jobs take no part in X-Ray.',
  },
  {
    rules: ['AwsSolutions-SMG4'],
    resources: ['DatabasePassword/Resource'],
    reason: 'The example has no database whose password could be rotated.',
  },
  {
    rules: ['AwsSolutions-ECS4'],
    resources: ['Platform/Cluster/Resource'],
    profiles: [ClusterProfile.DEVELOPMENT],
    reason: 'Container Insights costs by the metric; the development profile does without and says so.',
  },
];

/** How cdk-nag writes the name of a job definition that is cut out of its ARN. */
function definitionOf(job: string): string {
  const logicalIds: Record<string, string> = {
    Extract: 'PricingJobsExtractDefinitionD051EB00', Clean: 'PricingJobsCleanDefinition9F1039AA', Train: 'PricingJobsTrainDefinitionEDAB7027',
  };
  return JSON.stringify({ 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: logicalIds[job] }] }] });
}
