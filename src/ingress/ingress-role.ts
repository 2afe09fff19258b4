/** Which of a cluster's load balancers. The value begins the ids of what belongs to it. */
export enum IngressRole {
  PUBLIC = 'Public',
  INTERNAL = 'Internal',
}
