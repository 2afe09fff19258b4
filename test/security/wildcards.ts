/** A `*` that stays, with its reason. Each line here must be found somewhere. */
export interface Wildcard {
  readonly actions: string[];
  /** What a resource with a `*` looks like, and nothing else: `*` alone, or a part of an ARN. */
  readonly resource: RegExp;
  /** The condition that narrows it, where AWS offers one. */
  readonly condition?: RegExp;
  readonly because: string;
}

const ANYTHING = /^\*$/;
const ARN = String.raw`^arn:<AWS::Partition>:`;
const HERE = String.raw`us-east-1:123456789012:`;

function arn(service: string, resource: string): RegExp {
  return new RegExp(`${ARN}${service}:${HERE}${resource}$`);
}

export const WILDCARDS: Wildcard[] = [
  // ECS
  {
    actions: ['ecs:ListTasks'],
    resource: ANYTHING,
    condition: /^ArnEquals ecs:cluster = </,
    because: 'ListTasks knows container instances only as resources, which Fargate has not: the condition holds it to the cluster',
  },
  {
    actions: ['ecs:DescribeTasks', 'ecs:StopTask', 'ecs:TagResource', 'ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
    resource: arn('ecs', String.raw`task/<\w+>/\*`),
    because: 'A task has no ARN before it is started: those of one cluster',
  },
  {
    actions: ['ecs:RunTask'],
    resource: arn('ecs', String.raw`task-definition/\w+:\*`),
    because: 'Any revision of just this family: what was started before an update goes on with the revision that it began with',
  },
  {
    actions: ['ecs:Poll', 'ecs:PutSystemLogEvents', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
    resource: arn('ecs', String.raw`container-instance/<\w+>/\*`),
    because: 'An instance has no ARN before it has registered: those of one cluster',
  },
  { actions: ['ecs:DiscoverPollEndpoint'], resource: ANYTHING, because: 'The agent of ECS asks for its endpoint: AWS knows no resource for this action' },
  // ECS Exec, tracing, Service Connect, deployments
  {
    actions: [
      'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
      'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
    ],
    resource: ANYTHING,
    because: 'Sessions of ECS Exec, and traces: AWS knows no resource for these actions',
  },
  {
    actions: ['logs:DescribeLogGroups'],
    resource: arn('logs', String.raw`log-group:\*`),
    because: 'The agent of ECS Exec lists log groups to find its own; the action cannot be narrowed to one',
  },
  {
    actions: [
      'secretsmanager:CreateSecret', 'secretsmanager:TagResource', 'secretsmanager:DeleteSecret', 'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue', 'secretsmanager:RotateSecret', 'secretsmanager:UpdateSecret', 'secretsmanager:UpdateSecretVersionStage',
    ],
    resource: arn('secretsmanager', String.raw`secret:ecs-sc!\*`),
    because: 'Certificates of Service Connect, which ECS creates under this prefix of its own',
  },
  {
    actions: [
      'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    resource: ANYTHING,
    because: 'ECS reads the load balancer before it shifts traffic: AWS knows no resource for Describe actions of ELB',
  },
  {
    actions: ['lambda:InvokeFunction'],
    resource: /^<\w+\.Arn>:\*$/,
    because: 'Every version of just this function, as the CDK grants an invocation',
  },
  {
    actions: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
    resource: ANYTHING,
    because: 'A function in a network needs them before it has an interface; Lambda refuses a role that has them for less',
  },
  {
    actions: ['s3:DeleteObject*', 's3:GetBucket*', 's3:List*', 's3:PutBucketPolicy'],
    resource: /^<\w+(AccessLogs|Artifacts)\w+\.Arn>\/\*$/,
    because: 'The function of the CDK that empties a bucket before its deletion: this bucket only, in the development profile only',
  },
  // Logs
  {
    actions: ['logs:GetLogEvents'],
    resource: arn('logs', String.raw`log-group:<\w+>:log-stream:\*`),
    because: 'A stream is named after its task, which is not started yet: those of one log group',
  },
  {
    actions: ['s3:PutObject'],
    resource: /^<\w+AccessLogs\w+\.Arn>\/AWSLogs\/123456789012\/\*$/,
    because: 'Access logs get their names when they are delivered: those of this account, in a bucket for nothing else',
  },
  // Batch and Step Functions
  {
    actions: ['batch:SubmitJob', 'batch:TagResource'],
    resource: arn('batch', String.raw`split\(<\w+>, :\)\[5\]:\*`),
    because: 'Every revision of just these definitions: an execution that is redriven submits the revision that it began with',
  },
  {
    actions: ['batch:TerminateJob', 'batch:TagResource'],
    resource: arn('batch', String.raw`job/\*`),
    condition: /^StringEquals aws:(Request|Resource)Tag\/cdk-ecs-workloads:pipeline = /,
    because: 'A job has no ARN before it is submitted: those with the tag of the queue',
  },
  { actions: ['batch:DescribeJobs'], resource: ANYTHING, because: 'AWS knows no resource for this action of Batch' },
  {
    actions: ['states:DescribeExecution', 'states:RedriveExecution', 'states:StopExecution'],
    resource: arn('states', String.raw`execution:split\(<\w+>, :\)\[6\][:/]\*`),
    because: 'An execution has no ARN before it is started: those of one state machine',
  },
  {
    actions: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    resource: /^<\w+Artifacts\w+\.Arn>\/[\w-]+\/\*\/\w+\/\w+(\/\*)?$/,
    because: 'Data of one output of one job, of any execution: what an execution is called is known when it starts',
  },
  {
    actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
    resource: /^<\w+Artifacts\w+\.Arn>\/[\w-]+\/\*\/\.items\/\*$/,
    because: 'What became of the items of a distributed Map, of any execution of this pipeline',
  },
  {
    actions: [
      'ecs:DeregisterContainerInstance', 'ecs:RegisterContainerInstance', 'ecs:SubmitAttachmentStateChanges', 'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ],
    resource: arn('ecs', String.raw`cluster/\*`),
    because: 'AWS Batch makes the cluster of its instances itself, under a name that nobody knows before',
  },
  {
    actions: ['ecs:Poll', 'ecs:PutSystemLogEvents', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
    resource: arn('ecs', String.raw`container-instance/\*`),
    because: 'The instances of that cluster of AWS Batch, which has a name that nobody knows before',
  },
  // Keys: in the policy of a key, `*` is the key itself
  { actions: ['kms:*'], resource: ANYTHING, because: 'The account of the key decides by IAM who may use it: without this line nobody could administer it' },
  {
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resource: ANYTHING,
    condition: /^ArnLike kms:EncryptionContext:aws:logs:arn = /,
    because: 'CloudWatch Logs encrypts sessions with both variants of these two actions, for log groups of this stack only',
  },
];

/** Roles without a source key in their trust. */
export const WITHOUT_KEYS: { principal: string; holder: RegExp; because: string }[] = [
  { principal: 'ec2.amazonaws.com', holder: /InstanceRole/, because: 'EC2 sends no source keys when an instance takes the role of its profile' },
  {
    principal: 'ecs.amazonaws.com',
    holder: /(Infrastructure|Deployment|Tls)Role/,
    because: 'Infrastructure roles of ECS are documented without a condition: with a key that is not sent, no instance and no volume would start',
  },
  {
    principal: 'lambda.amazonaws.com',
    holder: /^CustomS3AutoDeleteObjectsCustomResourceProviderRole/,
    because: 'The role is that of the CDK; it is for the development profile only, and may empty buckets of its stack',
  },
];

/** Principals of resource policies without a source key. */
export const WITHOUT_SOURCE: Record<string, string> = {
  'delivery.logs.amazonaws.com': 'Log delivery may write below the prefix of this account only, which holds logs of this account; the policy is that of the CDK',
};
