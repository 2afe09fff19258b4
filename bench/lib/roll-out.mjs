/**
 * How long a rolling update takes, computed from a template: no figure here was measured in an account.
 *
 * @typedef {{ Type: string, Properties?: any }} Resource
 * @typedef {{ interval: number, healthy: number, drain: number, minPercent: number, maxPercent: number, waves: number, serve: number, steady: number, worst: number, hasBreaker: boolean }} RollOut
 */

/** What no template says. */
export const ASSUMED = {
  /** Pulling the image and starting the process, in seconds. */
  boot: 30,
  /** The pauses of the scheduler of ECS. */
  pause: 15,
  /** A process that ends when it is asked to. */
  stop: 2,
  /** Services begin with so many tasks. */
  tasks: 2,
};

const DRAIN = 'deregistration_delay.timeout_seconds';

/**
 * @param {Record<string, Resource>} resources with one service behind one load balancer
 * @returns {RollOut}
 */
export function rollOut(resources) {
  const first = (type) => Object.values(resources).find(({ Type }) => Type === type)?.Properties ?? {};
  const group = first('AWS::ElasticLoadBalancingV2::TargetGroup');
  const { DeploymentConfiguration: deployment = {} } = first('AWS::ECS::Service');
  const container = first('AWS::ECS::TaskDefinition').ContainerDefinitions?.[0] ?? {};

  const interval = group.HealthCheckIntervalSeconds ?? 30;
  const healthy = group.HealthyThresholdCount ?? 5;
  const drain = Number(group.TargetGroupAttributes?.find(({ Key }) => Key === DRAIN)?.Value ?? 300);
  const { MinimumHealthyPercent: minPercent = 100, MaximumPercent: maxPercent = 200 } = deployment;
  const waves = wavesOf(ASSUMED.tasks, minPercent, maxPercent);
  const serve = waves * (ASSUMED.pause + ASSUMED.boot + interval * healthy);
  return {
    interval, healthy, drain, minPercent, maxPercent, waves, serve,
    steady: serve + drain + ASSUMED.stop,
    worst: serve + drain + (container.StopTimeout ?? 30),
    hasBreaker: deployment.DeploymentCircuitBreaker?.Enable === true,
  };
}

/** How often tasks must be healthy before the next ones start: as many start at once as the maximum leaves room for. */
function wavesOf(tasks, minPercent, maxPercent) {
  const room = Math.floor((tasks * maxPercent) / 100) - tasks;
  const atOnce = room > 0 ? room : tasks - Math.ceil((tasks * minPercent) / 100);
  return Math.ceil(tasks / Math.max(1, atOnce));
}
