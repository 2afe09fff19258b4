import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';
import type { IEcsMicroservice } from './iecs-microservice';
import { fail } from '../private/fail';
import { isNear, MAX_SECURITY_GROUP_RULES } from '../private/quotas';
import { warn, WarningId } from '../private/warnings';

/** Who calls, and from which security group. */
export type Caller = Construct & ec2.IConnectable;

/** The callers of each service, over all stacks of the app. */
const callersOf = new WeakMap<IConstruct, number>();

/** Opens the security group of a service for one that calls it. */
export function admitCaller(caller: Caller, called: IEcsMicroservice): void {
  if (admit(caller, called, called.connections.securityGroups[0], called.connections.defaultPort!)) count(caller, called);
}

/** Opens a security group by a rule in the caller's stack, so that stacks need each other one way only. Twice the same would be an error of EC2. */
export function admit(caller: Caller, owner: IConstruct, group: ec2.ISecurityGroup, port: ec2.Port): boolean {
  const id = `To${owner.node.addr.slice(-8)}`;
  if (caller.node.tryFindChild(id) !== undefined) return false;
  new ec2.CfnSecurityGroupIngress(caller, id, {
    groupId: group.securityGroupId,
    sourceSecurityGroupId: caller.connections.securityGroups[0].securityGroupId,
    ...port.toRuleJson(),
  });
  return true;
}

function count(caller: Caller, called: IEcsMicroservice): void {
  const callers = (callersOf.get(called) ?? 0) + 1;
  callersOf.set(called, callers);
  const own = (called.node.tryFindChild('SecurityGroup') as ec2.CfnSecurityGroup | undefined)?.securityGroupIngress;
  const rules = callers + (Array.isArray(own) ? own.length : 0);
  if (rules > MAX_SECURITY_GROUP_RULES) {
    fail(caller, `'connectTo' must come to ${MAX_SECURITY_GROUP_RULES} rules of the called service's security group at most, one for each caller and load balancer, `
      + `got ${rules} for ${called.node.path}; give that service a route with ServiceRoute.insideVpc and call it there`);
  }
  if (isNear(rules, MAX_SECURITY_GROUP_RULES) && !isNear(rules - 1, MAX_SECURITY_GROUP_RULES)) {
    warn(called, WarningId.SERVICE_NEAR_LIMIT, `four fifths of the ${MAX_SECURITY_GROUP_RULES} rules that its security group may have are in use, one for each caller; `
      + 'give it a route with ServiceRoute.insideVpc for further callers, or ask AWS for a higher quota');
  }
}
