const batch = require('aws-cdk-lib/aws-batch');
const ecs = require('aws-cdk-lib/aws-ecs');
const logs = require('aws-cdk-lib/aws-logs');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');
const { Duration, Size } = require('aws-cdk-lib/core');
const { IMAGE, JOBS, vpcIn } = require('../surroundings.cjs');

/** The L2 of AWS Batch, chained by Step Functions. */
exports.declare = (stack, pipelines) => {
  const vpc = vpcIn(stack);
  for (const index of pipelines) {
    const id = `Pipeline${index}`;
    const environment = new batch.FargateComputeEnvironment(stack, `${id}Compute`, { vpc, spot: true, maxvCpus: 256 });
    const queue = new batch.JobQueue(stack, `${id}Queue`, { computeEnvironments: [{ computeEnvironment: environment, order: 1 }] });
    const logGroup = new logs.LogGroup(stack, `${id}Logs`, { retention: logs.RetentionDays.ONE_WEEK });
    const states = JOBS.map((job) => new tasks.BatchSubmitJob(stack, `${id}${job}Submit`, {
      jobName: job,
      jobQueueArn: queue.jobQueueArn,
      jobDefinitionArn: new batch.EcsJobDefinition(stack, `${id}${job}`, {
        retryAttempts: 3,
        timeout: Duration.hours(24),
        container: new batch.EcsFargateContainerDefinition(stack, `${id}${job}Container`, {
          image: ecs.ContainerImage.fromRegistry(IMAGE), cpu: 1, memory: Size.gibibytes(2), logging: ecs.LogDriver.awsLogs({ streamPrefix: job, logGroup }),
        }),
      }).jobDefinitionArn,
    }));
    new sfn.StateMachine(stack, `${id}Machine`, {
      definitionBody: sfn.DefinitionBody.fromChainable(states.reduce((chain, state) => (chain === undefined ? sfn.Chain.start(state) : chain.next(state)), undefined)),
    });
  }
};
