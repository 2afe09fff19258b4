import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { ApprovalOptions, ApprovalTimeoutAction } from './deployment-hook-options';
import { DeploymentStage } from './deployment-stage';
import type { HookedService, HookTarget } from './hook-target';
import { checkMinutes } from '../../private/check';
import { fail, show } from '../../private/fail';
import { servicePrincipal, WorkloadRole } from '../../private/workload-role';

/** Where ECS lets a deployment pause. */
const PAUSES: DeploymentStage[] = Object.values(DeploymentStage)
  .filter((stage) => stage !== DeploymentStage.TEST_TRAFFIC_SHIFT && stage !== DeploymentStage.PRODUCTION_TRAFFIC_SHIFT);

/** Gives the minutes that an approval may take. */
export function checkApproval({ timeout, stage }: ApprovalOptions): number {
  checkMinutes(undefined, 'timeout', timeout, 1, 33 * 60, 'the stack waits for the approval, and CloudFormation for no longer than that');
  if (stage !== undefined && !PAUSES.includes(stage)) {
    fail(undefined, `'stage' of an approval must be one of ${PAUSES.join(', ')}, got ${show(stage)}; ECS pauses before or after requests move, not meanwhile`);
  }
  return timeout?.toMinutes() ?? 60;
}

/**
 * The rule names the service by the beginning of its name: with its ARN, it would come after the service, whose first deployment would wait for an answer
 * to a question that nobody got.
 */
export function bindApproval(parent: Construct, service: HookedService, options: ApprovalOptions, minutes: number): HookTarget {
  const stage = options.stage ?? (service.testRoute === undefined ? DeploymentStage.POST_SCALE_UP : DeploymentStage.POST_TEST_TRAFFIC_SHIFT);
  const id = `ApprovalAt${stage}`;
  if (parent.node.tryFindChild(id) !== undefined) {
    fail(parent, `'hooks' must not have two approvals at one stage, got two at ${stage}; let one topic tell both, or give one another 'stage'`);
  }
  const scope = new Construct(parent, id);
  const role = new WorkloadRole(scope, 'Role', {
    assumedBy: servicePrincipal(scope, 'events.amazonaws.com'), permissionsBoundary: service.cluster._permissionsBoundary,
  });
  new events.Rule(scope, 'Rule', {
    description: 'A deployment waits for approval',
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Hook State Change'],
      detail: { eventName: ['HOOK_AWAITING_ACTION'], hookType: ['PAUSE'], lifecycleStage: [stage], serviceArn: [{ prefix: service.serviceArnPrefix }] },
    },
    targets: [new targets.SnsTopic(options.notify, { role, authorizeUsingRole: true, message: question() })],
  });
  return { stages: [stage], pause: { minutes, action: options.timeoutAction ?? ApprovalTimeoutAction.ROLLBACK }, before: [scope] };
}

/** What somebody needs who is asked: the commands as they are typed. */
function question(): events.RuleTargetInput {
  const detail = (name: string) => events.EventField.fromPath(`$.detail.${name}`);
  const command = (action: string) => `aws ecs continue-service-deployment --region ${events.EventField.fromPath('$.region')} `
    + `--service-deployment-arn ${detail('serviceDeploymentArn')} --hook-id ${detail('hookId')} --action ${action}`;
  return events.RuleTargetInput.fromObject({
    message: `A deployment waits for approval until ${detail('expiresAt')}`,
    service: detail('serviceArn'),
    stage: detail('lifecycleStage'),
    continue: command('CONTINUE'),
    rollBack: command('ROLLBACK'),
  });
}
