import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { allowToTell, alarmTopics, topicsAmong } from './alarm-topics';
import { tellDefinition } from './tell-definition';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { fail } from '../private/fail';
import { HandlerFunction } from '../private/handler-function';
import { defaultsOf } from '../private/profile-defaults';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** The cluster whose failures are told of. */
interface FailureMessagesProps {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly profile: ClusterProfile;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  readonly alarmActions: cloudwatch.IAlarmAction[];
}

/** What the scheduler of ECS tells of a service that it cannot bring or keep where it should be. */
const ACTIONS = [
  'SERVICE_TASK_PLACEMENT_FAILURE', 'SERVICE_TASK_CONFIGURATION_FAILURE', 'SERVICE_TASK_START_IMPAIRED', 'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED',
];

/** Makes the messages if they are asked for, or if nothing is said where the profile has alarms and a topic is there to tell. */
export function tellOfFailures(scope: Construct, asked: boolean | undefined, props: FailureMessagesProps): void {
  const canTell = topicsAmong(props.alarmActions).length > 0;
  if (asked === true && !canTell) {
    fail(scope, "'explainFailures' needs an SNS topic to tell, got none in 'alarmActions'; add a SnsAction there, or omit 'explainFailures'");
  }
  if (asked ?? (canTell && defaultsOf(props.profile).alarms)) new FailureMessages(scope, 'FailureMessages', props);
}

/**
 * Tells the topics of the alarm actions what has failed in a cluster, why, and what most likely helps: tasks that stop, deployments, tasks without a place.
 *
 * A function reads the event and writes the message; a state machine sends it. The message gives the execution its name, and a name is taken once: so a
 * task that crashes again and again is told of once an hour, without a table to remember it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
class FailureMessages extends Construct {
  constructor(scope: Construct, id: string, props: FailureMessagesProps) {
    super(scope, id);
    const machine = this.createMachine(props);
    const handler = new HandlerFunction(this, 'Explainer', {
      handler: 'explain-failures',
      description: `Explains what fails in ${scope.node.path}`,
      timeout: Duration.seconds(30),
      environment: { STATE_MACHINE_ARN: machine.ref },
      profile: props.profile,
      permissionsBoundary: props.permissionsBoundary,
    });
    handler.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.ref] }));
    this.allowToLook(handler.role, props);
    const rule = new events.CfnRule(this, 'Rule', {
      description: 'Something in an ECS cluster fails',
      eventPattern: this.pattern(props),
      targets: [{ id: 'Explainer', arn: handler.function.functionArn }],
    });
    handler.function.addPermission('Events', { principal: new iam.ServicePrincipal('events.amazonaws.com'), sourceArn: rule.attrArn });
  }

  private createMachine({ alarmActions, clusterArn, permissionsBoundary }: FailureMessagesProps): sfn.CfnStateMachine {
    const topics = alarmTopics(this, alarmActions, clusterArn);
    const role = new WorkloadRole(this, 'TellerRole', { assumedBy: servicePrincipal(this, 'states.amazonaws.com'), permissionsBoundary });
    allowToTell(role, alarmActions);
    return new sfn.CfnStateMachine(this, 'Teller', {
      roleArn: role.roleArn,
      definitionString: Stack.of(this).toJsonString(tellDefinition(Stack.of(this).partition, topics)),
    });
  }

  /** At the tasks of a service that has failed as a whole. */
  private allowToLook(role: iam.IRole, { clusterArn, clusterName }: FailureMessagesProps): void {
    const conditions = { ArnEquals: { 'ecs:cluster': clusterArn } };
    // AWS narrows this action to a cluster by a condition only.
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ecs:ListTasks'], resources: ['*'], conditions }));
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [this.arnIn('task', clusterName, '*')], conditions }));
  }

  /**
   * What is none of a failure is left out here, where it costs nothing: tasks that stop because a service is scaled or deployed.
   *
   * Each alternative is whole: EventBridge is said to refuse `$or` beside other fields.
   */
  private pattern({ clusterName, clusterArn }: FailureMessagesProps): object {
    const alternatives = [
      ...[
        { stopCode: ['TaskFailedToStart', 'EssentialContainerExited'] },
        { stoppedReason: [{ prefix: 'Task failed' }, { wildcard: '*unhealthy*' }] },
      ].map((end) => ({ 'detail-type': ['ECS Task State Change'], 'detail': { clusterArn: [clusterArn], lastStatus: ['STOPPED'], ...end } })),
      {
        'detail-type': ['ECS Deployment State Change'],
        'resources': [{ prefix: this.arnIn('service', clusterName, '') }],
        'detail': { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
      },
      { 'detail-type': ['ECS Service Action'], 'detail': { clusterArn: [clusterArn], eventName: ACTIONS } },
    ];
    return { $or: alternatives.map((alternative) => ({ source: ['aws.ecs'], ...alternative })) };
  }

  private arnIn(resource: string, clusterName: string, name: string): string {
    return Stack.of(this).formatArn({ service: 'ecs', resource, resourceName: `${clusterName}/${name}` });
  }
}
