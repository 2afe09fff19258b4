/**
 * A set of defaults for a whole cluster and the workloads in it.
 *
 * A profile sets defaults only: a prop that is given always wins. The differences are one table in docs/profiles.md.
 */
export enum ClusterProfile {
  /** Several zones, on-demand capacity, alarms, data kept on deletion. What an expert accepts in production. */
  PRODUCTION = 'PRODUCTION',

  /** One NAT gateway, Fargate Spot, one task, no alarms, everything deleted with the stack. Cheap, and it says what it gives up. */
  DEVELOPMENT = 'DEVELOPMENT',
}
