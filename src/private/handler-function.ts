import * as fs from 'node:fs';
import * as path from 'node:path';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { createLogGroup } from './log-group';
import { servicePrincipal, WorkloadRole } from './workload-role';
import type { ClusterProfile } from '../cluster/cluster-profile';

/** One folder for each handler, and `shared`. */
const HANDLERS = path.join(__dirname, 'handlers');
const SHARED = 'shared';

/** What a function is made from. */
export interface HandlerFunctionProps {
  /** The folder below `handlers`, whose `index.js` exports `handler`. */
  readonly handler: string;
  /** What the function does, in a sentence for the list of functions in the console. */
  readonly description: string;
  readonly timeout: Duration;
  readonly environment?: Record<string, string>;
  readonly profile: ClusterProfile;
  readonly permissionsBoundary?: iam.IManagedPolicy;
  /** For what is reached from within the network only. The function then reaches nothing else. */
  readonly network?: HandlerNetwork;
}

/** Where in a network a function stands. */
export interface HandlerNetwork {
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.SubnetSelection;
  readonly securityGroup: ec2.ISecurityGroup;
}

/**
 * A Lambda function of this library: plain JavaScript on the SDK that the runtime brings, so that nothing is bundled.
 *
 * It writes to a log group of its own and may do nothing else: what it needs is granted to `role`.
 */
export class HandlerFunction extends Construct {
  public readonly role: WorkloadRole;
  public readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = createLogGroup(this, props.profile);
    this.role = new WorkloadRole(this, 'Role', {
      assumedBy: servicePrincipal(this, 'lambda.amazonaws.com'),
      permissionsBoundary: props.permissionsBoundary,
    });
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn],
    }));
    if (props.network !== undefined) {
      // what Lambda does in the network by this role; none of it can be narrowed to one function
      this.role.addToPrincipalPolicy(new iam.PolicyStatement({
        actions: ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface'], resources: ['*'],
      }));
    }
    this.function = new lambda.Function(this, 'Function', {
      description: props.description.slice(0, 256),
      runtime: lambda.Runtime.NODEJS_22_X,
      code: codeOf(props.handler),
      handler: `${props.handler}/index.handler`,
      timeout: props.timeout,
      memorySize: 256, // with 128 MiB, loading the SDK takes most of them
      environment: props.environment,
      role: this.role,
      logGroup,
      vpc: props.network?.vpc,
      vpcSubnets: props.network?.subnets,
      securityGroups: props.network && [props.network.securityGroup],
      allowPublicSubnet: props.network && true,
    });
  }
}

/** Its own folder and what handlers share: another handler's change is not this one's. */
function codeOf(handler: string): lambda.Code {
  const others = fs.readdirSync(HANDLERS).filter((name) => name !== handler && name !== SHARED);
  return lambda.Code.fromAsset(HANDLERS, { exclude: others });
}
