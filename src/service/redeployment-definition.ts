import { PASSING_ERRORS } from '../private/passing-errors';

/** What the state machine needs to know. */
interface Redeployment {
  readonly partition: string;
  readonly clusterArn: string;
  readonly serviceArn: string;
  readonly quietSeconds: number;
}

/**
 * The state machine that starts a new deployment when a time has passed without a further change: it waits, and goes on only if no later execution
 * waits. So ten changes within the time make one deployment, after the last of them. No CDK in here.
 */
export function redeploymentDefinition({ partition, clusterArn, serviceArn, quietSeconds }: Redeployment): object {
  return {
    Comment: 'Starts new tasks, which read the new value of a secret',
    StartAt: 'WaitForQuiet',
    States: {
      WaitForQuiet: { Type: 'Wait', Seconds: quietSeconds, Next: 'FindLatest' },
      FindLatest: {
        Type: 'Task',
        Resource: `arn:${partition}:states:::aws-sdk:sfn:listExecutions`,
        Parameters: { 'StateMachineArn.$': '$$.StateMachine.Id', 'StatusFilter': 'RUNNING', 'MaxResults': 1 },
        // the latest comes first.
        ResultSelector: { 'latest.$': 'States.ArrayGetItem($.Executions[*].ExecutionArn, 0)', 'own.$': '$$.Execution.Id' },
        Retry: PASSING_ERRORS,
        Next: 'IsLatest',
      },
      IsLatest: { Type: 'Choice', Choices: [{ Variable: '$.latest', StringEqualsPath: '$.own', Next: 'Redeploy' }], Default: 'LeftToLater' },
      LeftToLater: { Type: 'Succeed' },
      Redeploy: {
        Type: 'Task',
        Resource: `arn:${partition}:states:::aws-sdk:ecs:updateService`,
        Parameters: { Cluster: clusterArn, Service: serviceArn, ForceNewDeployment: true },
        // the answer describes the whole service, of which nobody needs to read here.
        ResultSelector: { 'service.$': '$.Service.ServiceArn' },
        Retry: PASSING_ERRORS,
        End: true,
      },
    },
  };
}
