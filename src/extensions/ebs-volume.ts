import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { checkInteger, checkPattern } from '../private/check';
import { fail } from '../private/fail';
import { infrastructurePrincipal } from '../private/workload-role';
import type { IEcsWorkload } from '../task/iecs-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';

/** Options of `EbsVolume`. */
export interface EbsVolumeOptions {
  /** Where the main container finds it: an absolute path. */
  readonly path: string;

  /** How large it is, 1 GiB to 16 TiB. */
  readonly size: Size;

  /**
   * The operations a second that are paid for, 3000 to 16000.
   *
   * @default - the 3000 that are part of the price
   */
  readonly iops?: number;

  /**
   * The MiB a second that are paid for, 125 to 1000.
   *
   * @default - the 125 that are part of the price
   */
  readonly throughput?: number;

  /**
   * The key that the volume is encrypted with. Its policy must let the infrastructure role use it.
   *
   * @default - the key of EBS in the account
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * A disk for each task of a service, which ECS makes with the task and deletes with it: for data that do not fit on the task's own 200 GiB, or must be fast.
 *
 * Creates a role for ECS, which manages the volumes. The volumes (gp3, encrypted, XFS) are charged by the GiB for as long as their tasks run. Only a service
 * can have them, and one for each service.
 *
 * @example
 * declare const search: EcsMicroservice;
 * search.addExtension('Index', new EbsVolume({ path: '/index', size: Size.gibibytes(500) }));
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ebs-volumes.html
 */
export class EbsVolume implements IWorkloadExtension {
  constructor(private readonly options: EbsVolumeOptions) {
    checkPattern(undefined, 'path', options.path, /^\/./, 'an absolute path', 'begin it with a slash');
    checkInteger(undefined, 'size', options.size.isUnresolved() ? undefined : options.size.toGibibytes({ rounding: 2 }), 1, 16384, 'in GiB');
    checkInteger(undefined, 'iops', options.iops, 3000, 16000, 'omit it for 3000');
    checkInteger(undefined, 'throughput', options.throughput, 125, 1000, 'omit it for 125');
  }

  public extend(scope: Construct, workload: IEcsWorkload): void {
    const { path, size, iops, throughput, encryptionKey } = this.options;
    if (workload.service === undefined) {
      fail(scope, "'EbsVolume' must be added to a service, whose deployment makes the volumes; use 'EfsVolume', or 'ephemeralStorage' of the size");
    }
    const volume = new ecs.ServiceManagedVolume(scope, 'Volume', {
      name: scope.node.id,
      managedEBSVolume: {
        role: createInfrastructureRole(scope, workload),
        size,
        iops,
        throughput,
        kmsKeyId: encryptionKey,
        encrypted: true,
        volumeType: ec2.EbsDeviceVolumeType.GP3,
        fileSystemType: ecs.FileSystemType.XFS,
      },
    });
    workload.mountVolume({ name: volume.name, path, configuredAtLaunch: true });
    workload.service.addVolume(volume);
  }
}

/** ECS makes, attaches and deletes the volumes by it. */
function createInfrastructureRole(scope: Construct, workload: IEcsWorkload): iam.IRole {
  return new iam.Role(scope, 'InfrastructureRole', {
    assumedBy: infrastructurePrincipal(),
    permissionsBoundary: workload._permissionsBoundary,
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonECSInfrastructureRolePolicyForVolumes')],
  });
}
