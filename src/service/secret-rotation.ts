import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { redeploymentDefinition } from './redeployment-definition';
import { rotationEvents } from './rotation-events';
import type { RotationOptions } from './rotation-options';
import { secretReference } from './secret-reference';
import { checkSeconds } from '../private/check';
import { fail } from '../private/fail';
import { servicePrincipal, WorkloadRole } from '../private/workload-role';

/** The service whose tasks are to have the new values. */
interface RotatedService {
  readonly clusterArn: string;
  readonly serviceArn: string;
  /** Those that the service has in the end. */
  readonly secrets: ecs.Secret[];
  /** Of every role of the workload. */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/** A pattern has 2,048 characters; each secret takes two ARNs of about 100 and its name. */
const MOST_SECRETS = 6;

/** A rule that hears of new values, and a state machine that starts new tasks. */
export class SecretRotation extends Construct {
  constructor(scope: Construct, id: string, service: RotatedService, options: RotationOptions) {
    super(scope, id);
    const quietTime = options.quietTime ?? Duration.minutes(1);
    checkSeconds(scope, 'quietTime', quietTime, 1, 3600, 'a minute joins the changes of one rotation');
    if (service.secrets.length === 0) {
      fail(scope, "'redeployOnRotation' needs a secret that may change, got none; give the service 'secrets', or do not call it");
    }
    const machine = this.createMachine(service, quietTime);
    new events.CfnRule(this, 'Rule', {
      description: 'A secret of a service has a new value',
      eventPattern: Lazy.any({ produce: () => this.renderPattern(service.secrets) }),
      targets: [{ id: 'Redeployment', arn: machine.ref, roleArn: this.createStarter(machine, service.permissionsBoundary).roleArn }],
    });
  }

  private createMachine({ clusterArn, serviceArn, permissionsBoundary }: RotatedService, quietTime: Duration): sfn.CfnStateMachine {
    const stack = Stack.of(this);
    // not with an inline policy: it names the state machine, which names the role.
    const role = new iam.Role(this, 'Role', { assumedBy: servicePrincipal(this, 'states.amazonaws.com'), permissionsBoundary });
    const machine = new sfn.CfnStateMachine(this, 'StateMachine', {
      roleArn: role.roleArn,
      definitionString: stack.toJsonString(redeploymentDefinition({
        partition: stack.partition, clusterArn, serviceArn, quietSeconds: quietTime.toSeconds(),
      })),
    });
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['states:ListExecutions'], resources: [machine.ref] }));
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['ecs:UpdateService'], resources: [serviceArn], conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
    }));
    return machine;
  }

  private createStarter(machine: sfn.CfnStateMachine, permissionsBoundary?: iam.IManagedPolicy): iam.IRole {
    const role = new WorkloadRole(this, 'StarterRole', { assumedBy: servicePrincipal(this, 'events.amazonaws.com'), permissionsBoundary });
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.ref] }));
    return role;
  }

  private renderPattern(secrets: ecs.Secret[]): object {
    const references = new Map(secrets.map((secret) => secretReference(secret.arn)).map((reference) => [JSON.stringify(reference), reference]));
    if (references.size > MOST_SECRETS) {
      fail(this, `'redeployOnRotation' hears of ${MOST_SECRETS} secrets at most, got ${references.size}; put values that change together into one secret, as keys of its JSON`);
    }
    return rotationEvents([...references.values()]);
  }
}
