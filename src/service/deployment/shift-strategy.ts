import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';
import type { DeploymentHook } from './deployment-hook';
import type { BlueGreenDeploymentOptions, CanaryDeploymentOptions, LinearDeploymentOptions } from './deployment-options';
import { TestRoute } from './test-route';
import { checkMinutes, checkTenths } from '../../private/check';
import { fail } from '../../private/fail';

/** CloudFormation refuses what takes longer, because it waits for 36 hours itself and tasks and hooks need their part. */
const LONGEST_MINUTES = 33 * 60;
const LONGEST_BAKE = 24 * 60;

/** A strategy that moves requests from one target group to another. */
export interface ShiftStrategy {
  /** The factory by which the user named it. */
  readonly name: string;
  readonly config: Pick<ecs.CfnService.DeploymentConfigurationProperty, 'strategy' | 'bakeTimeInMinutes' | 'canaryConfiguration' | 'linearConfiguration'>;
  readonly testRoute?: TestRoute;
  readonly hooks: DeploymentHook[];
}

export function blueGreenStrategy(options: BlueGreenDeploymentOptions): ShiftStrategy {
  return checkedTotal({ name: 'blueGreen', config: { strategy: 'BLUE_GREEN', ...bake(options) }, ...common(options) }, [options.bakeTime], 1);
}

export function canaryStrategy(options: CanaryDeploymentOptions): ShiftStrategy {
  const { percent = 10 } = options;
  checkTenths('percent', percent, 0.1, 100, '5 to 10 bounds the harm and still says something');
  const canaryConfiguration = { canaryPercent: percent, canaryBakeTimeInMinutes: stepMinutes(options.stepBakeTime, 10) };
  return checkedTotal({ name: 'canary', config: { strategy: 'CANARY', ...bake(options), canaryConfiguration }, ...common(options) },
    [options.bakeTime, options.stepBakeTime], 2, canaryConfiguration.canaryBakeTimeInMinutes);
}

export function linearStrategy(options: LinearDeploymentOptions): ShiftStrategy {
  const { stepPercent = 20 } = options;
  checkTenths('stepPercent', stepPercent, 3, 100, '10 to 25 keeps a deployment within an hour');
  const linearConfiguration = { stepPercent, stepBakeTimeInMinutes: stepMinutes(options.stepBakeTime, 5) };
  const steps = Math.ceil(100 / stepPercent - 1e-9);
  return checkedTotal({ name: 'linear', config: { strategy: 'LINEAR', ...bake(options), linearConfiguration }, ...common(options) },
    [options.bakeTime, options.stepBakeTime], steps, linearConfiguration.stepBakeTimeInMinutes * (steps - 1));
}

function common({ testRoute, hooks = [] }: BlueGreenDeploymentOptions): Pick<ShiftStrategy, 'testRoute' | 'hooks'> {
  return { testRoute, hooks: [...hooks] };
}

function bake({ bakeTime }: BlueGreenDeploymentOptions): { bakeTimeInMinutes: number } {
  checkMinutes(undefined, 'bakeTime', bakeTime, 0, LONGEST_BAKE, 'ECS keeps the old version for a day at most');
  return { bakeTimeInMinutes: bakeTime?.toMinutes() ?? 10 };
}

function stepMinutes(time: Duration | undefined, otherwise: number): number {
  checkMinutes(undefined, 'stepBakeTime', time, 0, LONGEST_BAKE, 'a step lasts a day at most');
  return time?.toMinutes() ?? otherwise;
}

/** What is not known at synthesis, CloudFormation judges. */
function checkedTotal(strategy: ShiftStrategy, times: (Duration | undefined)[], steps: number, stepsTake = 0): ShiftStrategy {
  if (times.some((time) => time?.isUnresolved())) return strategy;
  const approvals = strategy.hooks.reduce((sum, hook) => sum + hook._pauses(steps), 0);
  const total = strategy.config.bakeTimeInMinutes! + stepsTake + approvals;
  if (total > LONGEST_MINUTES) {
    fail(undefined, `'${strategy.name}' takes ${total} minutes with its steps, 'bakeTime' and approvals, and CloudFormation refuses what takes longer than `
      + `${LONGEST_MINUTES} (33 hours); shorten them`);
  }
  return strategy;
}
