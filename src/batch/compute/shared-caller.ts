import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { IBatchCompute } from './ibatch-compute';
import { fail } from '../../private/fail';
import type { Caller } from '../../service/admit-caller';

/** Over all stacks of the app: two rules for the same two groups would be an error of EC2. */
const callers = new WeakMap<IBatchCompute, SharedCaller>();

/** Jobs on shared compute, as those who call a service: in the stack of the pipeline that calls first, so that the compute needs to know no service. */
class SharedCaller extends Construct implements ec2.IConnectable {
  constructor(pipeline: Construct, public readonly connections: ec2.Connections, id: string) {
    super(pipeline, id);
  }
}

export function sharedCaller(pipeline: Construct, compute: IBatchCompute): Caller {
  const known = callers.get(compute);
  if (known !== undefined) return known;
  if (compute.connections.securityGroups.length === 0) {
    fail(pipeline, `'connectTo' needs the security group of the compute that the job runs on, got none of ${compute.node.path}; give its 'securityGroup'`);
  }
  const caller = new SharedCaller(pipeline, compute.connections, `On${compute.node.addr.slice(-8)}`);
  callers.set(compute, caller);
  return caller;
}
