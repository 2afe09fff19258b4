/** What tasks run on: ECS never mixes two of these in one strategy, and a task definition is made for one of them. */
export enum CapacityKind {
  FARGATE = 'FARGATE',
  EC2 = 'EC2',
  MANAGED_INSTANCES = 'MANAGED_INSTANCES',
}
