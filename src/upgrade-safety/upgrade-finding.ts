/** What an update does to a resource. */
export enum UpgradeEffect {
  /** A new resource takes its place, and the old one is deleted. */
  REPLACEMENT = 'REPLACEMENT',

  /** It is replaced under a condition that the templates do not decide: of the service behind it, of a parameter, of a condition of the template. */
  MAY_REPLACE = 'MAY_REPLACE',

  /** It stays, but what it serves or runs stops for a time, or stops starting. */
  INTERRUPTION = 'INTERRUPTION',

  /** It is gone from the template, and not retained. */
  DELETION = 'DELETION',

  /** It is something with revisions, and gets a new one: a task definition, a job definition. This is how a new version is released. */
  NEW_REVISION = 'NEW_REVISION',

  /** It changes, and nothing is known here of how resources of its type are updated. */
  UNKNOWN = 'UNKNOWN',
}

/** One resource that an update does not just change in place: what `UpgradeSafety.compare` finds. */
export interface UpgradeFinding {
  /** The logical id: of the template before, which is that of the template after as well, where it is still there. */
  readonly logicalId: string;

  /** The type, such as `AWS::ECS::Service`. */
  readonly resourceType: string;

  /**
   * The path of the construct.
   *
   * @default - the template has no metadata of CDK
   */
  readonly constructPath?: string;

  /** The properties that are the cause, such as `ComputeResources.Subnets`. None if the resource is deleted. */
  readonly propertyPaths: string[];

  /** What happens to it. */
  readonly effect: UpgradeEffect;

  /** Why, and what it means for traffic, for jobs that run, and for data: a few sentences. */
  readonly meaning: string;
}
