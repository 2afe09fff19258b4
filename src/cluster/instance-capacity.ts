import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ClusterCapacity } from './cluster-capacity';
import type { FargateCluster } from './fargate-cluster';
import type { InstanceHardware } from './instance-hardware';
import { CapacityKind } from '../private/capacity-kind';
import { checkPattern } from '../private/check';
import { fail } from '../private/fail';

/**
 * Instances of a cluster, which workloads run on by `ServiceCapacity.on`.
 *
 * Made by `FargateCluster.addCapacity`.
 *
 * @example
 * const general = cluster.addCapacity('General', ClusterCapacity.ec2({ instanceTypes: [new ec2.InstanceType('m7i.large')], max: 10 }));
 * new EcsMicroservice(this, 'Orders', { cluster, image, capacity: ServiceCapacity.on(general) });
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html
 */
export class InstanceCapacity extends Construct implements ec2.IConnectable {
  /** @internal */
  public static _create(cluster: FargateCluster, id: string, capacity: ClusterCapacity): InstanceCapacity {
    return new InstanceCapacity(cluster, id, capacity);
  }

  /** The name of the ECS capacity provider. */
  public readonly capacityProviderName: string;

  /** Who may reach the instances themselves, which nobody has to: tasks have security groups of their own. */
  public readonly connections: ec2.Connections;

  /** The role of the instances, which their tasks cannot use. Grant it what an agent on the instance needs. */
  public readonly instanceRole: iam.IRole;

  /** @internal */
  public readonly _cluster: FargateCluster;

  /** @internal */
  public readonly _kind: CapacityKind;

  /** @internal */
  public readonly _hardware: InstanceHardware;

  /** @internal Whether some of the instances may be Spot instances. */
  public readonly _spot: boolean;

  private constructor(cluster: FargateCluster, id: string, capacity: ClusterCapacity) {
    super(cluster, id);
    checkPattern(this, 'id', id, /^[A-Za-z0-9._-]{1,100}$/, "1 to 100 letters, digits, '.', '_' and '-'", 'daemons find the instances by it; choose another id');
    if (cluster.assignPublicIp) {
      fail(this, "'addCapacity' needs a cluster whose tasks run in private subnets: ECS gives no public address to tasks on instances, so they could not "
        + "pull their images; give the cluster a 'network' with private subnets, or use Fargate");
    }
    const config = capacity._bind();
    const { provider, role, securityGroup } = config.create(this, cluster);
    this._cluster = cluster;
    this._kind = config.kind;
    this._hardware = config.hardware;
    this._spot = config.spot;
    this.capacityProviderName = provider.ref;
    this.connections = new ec2.Connections({ securityGroups: [securityGroup] });
    this.instanceRole = role;
  }
}
