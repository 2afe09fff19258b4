import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { ALWAYS_NEEDED, type ClusterEgress } from './cluster-egress';
import { NetworkEndpoint } from './network-endpoint';
import { findPullProblem } from './pull-problem';

/**
 * The way out of a new VPC without NAT: an endpoint for each AWS service that is called, made when the first workload asks for it.
 *
 * They stand in the cluster's stack, whoever asks: so no stack refers to another one because of them, and the order of asking changes nothing.
 *
 * No endpoint has a policy of its own: what may be called is said by the roles, and one policy here would have to know the callers of all apps.
 */
export class CreatedEndpoints extends Construct implements ClusterEgress {
  private readonly securityGroup: ec2.SecurityGroup;
  private readonly declared: string[];

  constructor(scope: Construct, private readonly vpc: ec2.IVpc, private readonly subnets: ec2.SubnetSelection, declared: NetworkEndpoint[]) {
    super(scope, 'Endpoints');
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, allowAllOutbound: false, description: 'Endpoints of AWS services' });
    this.securityGroup.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(443), 'HTTPS from within the VPC');
    this.declared = declared.map((endpoint) => endpoint.service);
    this.reach(this, ...declared);
  }

  /** What every task waits for is returned always, so that a workload that asks for nothing waits for its image all the same. */
  public reach(_scope: IConstruct, ...endpoints: NetworkEndpoint[]): IDependable[] {
    const always = ALWAYS_NEEDED.map((service) => NetworkEndpoint.of(service));
    const unique = new Map([...always, ...endpoints].map((endpoint) => [endpoint._id, endpoint]));
    return [...unique.values()].map((endpoint) => this.node.tryFindChild(endpoint._id) ?? this.create(endpoint));
  }

  public mayReach(prefix: string): boolean {
    return this.declared.some((service) => service.startsWith(prefix));
  }

  public pullProblem(scope: IConstruct, imageName: string): string | undefined {
    return findPullProblem(scope, imageName);
  }

  private create(endpoint: NetworkEndpoint): IDependable {
    if (endpoint._isGateway) {
      return new ec2.GatewayVpcEndpoint(this, endpoint._id, {
        vpc: this.vpc,
        service: new ec2.GatewayVpcEndpointAwsService(endpoint.service),
        subnets: [this.subnets],
      });
    }
    return new ec2.InterfaceVpcEndpoint(this, endpoint._id, {
      vpc: this.vpc,
      service: new ec2.InterfaceVpcEndpointAwsService(endpoint.service),
      subnets: this.subnets,
      securityGroups: [this.securityGroup],
      open: false, // the group says it already
    });
  }
}
