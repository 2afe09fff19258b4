const batch = require('aws-cdk-lib/aws-batch');
const ec2 = require('aws-cdk-lib/aws-ec2');
const iam = require('aws-cdk-lib/aws-iam');
const logs = require('aws-cdk-lib/aws-logs');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const { Fn } = require('aws-cdk-lib/core');
const { IMAGE, JOBS, vpcIn } = require('../surroundings.cjs');

/** CloudFormation resources by hand: each pipeline with its own queue, compute environment and least rights. */
exports.declare = (stack, pipelines) => {
  const vpc = vpcIn(stack);
  for (const index of pipelines) pipeline(stack, `Pipeline${index}`, vpc);
};

function role(stack, id, service, statements) {
  return new iam.CfnRole(stack, id, {
    assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] },
    policies: [{ policyName: 'Grants', policyDocument: { Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) } }],
  });
}

function pipeline(stack, id, vpc) {
  const logGroup = new logs.CfnLogGroup(stack, `${id}Logs`, { retentionInDays: 7 });
  const executionRole = role(stack, `${id}ExecutionRole`, 'ecs-tasks.amazonaws.com', [
    { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroup.attrArn },
  ]);
  const group = new ec2.CfnSecurityGroup(stack, `${id}Group`, { groupDescription: id, vpcId: vpc.vpcId });
  const environment = new batch.CfnComputeEnvironment(stack, `${id}Compute`, {
    type: 'MANAGED',
    computeResources: {
      type: 'FARGATE_SPOT', maxvCpus: 256, subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId), securityGroupIds: [group.attrGroupId],
    },
  });
  const queue = new batch.CfnJobQueue(stack, `${id}Queue`, {
    priority: 1, computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.attrComputeEnvironmentArn }],
  });
  const definitions = JOBS.map((job) => definition(stack, `${id}${job}`, { job, logGroup, executionRole }));
  machine(stack, id, queue, definitions);
}

function definition(stack, id, { job, logGroup, executionRole }) {
  return new batch.CfnJobDefinition(stack, id, {
    type: 'container',
    platformCapabilities: ['FARGATE'],
    retryStrategy: { attempts: 3 },
    timeout: { attemptDurationSeconds: 86_400 },
    containerProperties: {
      image: IMAGE,
      executionRoleArn: executionRole.attrArn,
      readonlyRootFilesystem: true,
      resourceRequirements: [{ type: 'VCPU', value: '1' }, { type: 'MEMORY', value: '2048' }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': logGroup.ref, 'awslogs-region': stack.region, 'awslogs-stream-prefix': job } },
    },
  });
}

function machine(stack, id, queue, definitions) {
  const names = definitions.map((one) => Fn.select(5, Fn.split(':', one.ref)));
  const machineRole = role(stack, `${id}MachineRole`, 'states.amazonaws.com', [
    { Action: 'batch:SubmitJob', Resource: [queue.ref, ...names.map((name) => `arn:${stack.partition}:batch:${stack.region}:${stack.account}:${name}:*`)] },
    { Action: 'batch:TerminateJob', Resource: `arn:${stack.partition}:batch:${stack.region}:${stack.account}:job/*` },
    { Action: 'batch:DescribeJobs', Resource: '*' },
    { Action: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      Resource: `arn:${stack.partition}:events:${stack.region}:${stack.account}:rule/StepFunctionsGetEventsForBatchJobsRule` },
  ]);
  const states = Object.fromEntries(JOBS.map((job, index) => [job, {
    Type: 'Task',
    Resource: `arn:${stack.partition}:states:::batch:submitJob.sync`,
    Parameters: { JobName: job, JobQueue: queue.ref, JobDefinition: definitions[index].ref },
    ...(index === JOBS.length - 1 ? { End: true } : { Next: JOBS[index + 1] }),
  }]));
  new sfn.CfnStateMachine(stack, `${id}Machine`, { roleArn: machineRole.attrArn, definitionString: stack.toJsonString({ StartAt: JOBS[0], States: states }) });
}
