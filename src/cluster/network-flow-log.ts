/**
 * Which traffic the flow log of a new VPC keeps.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
 */
export enum NetworkFlowLog {
  /** Traffic that a security group or network ACL has turned away: little, and what one looks for. */
  REJECTED = 'REJECTED',

  /** All traffic. It is charged by the GiB, and a busy VPC has much of it. */
  ALL = 'ALL',

  /** None: no flow log, no log group, no role. For networks that are watched by other means. */
  NONE = 'NONE',
}
