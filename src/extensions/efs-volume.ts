import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { checkInteger, checkPattern } from '../private/check';
import type { IEcsWorkload } from '../task/iecs-workload';
import type { IWorkloadExtension } from '../task/iworkload-extension';

/** Options of `EfsVolume`. */
export interface EfsVolumeOptions {
  /** The file system. It must have a mount target in each zone of the tasks. */
  readonly fileSystem: efs.IFileSystem;

  /** Where the main container finds it: an absolute path. */
  readonly path: string;

  /**
   * The directory of the file system that is mounted. It is made with the first mount, and belongs to the user below.
   *
   * @default - `/` and the id of the extension, in the file system
   */
  readonly directory?: string;

  /**
   * The number of the user and of the group as which all files are read and written, whoever the process is.
   *
   * @default 1000
   */
  readonly userId?: number;

  /**
   * Whether the application may only read.
   *
   * @default false
   */
  readonly readOnly?: boolean;
}

/**
 * A directory of an EFS file system, which all tasks share and which outlives them.
 *
 * Creates an access point, so that the tasks see this directory alone, and a rule in the security group of the file system for the tasks. The role of the
 * application may mount through this access point only. Data travel encrypted. EFS charges by the GiB stored and transferred.
 *
 * @example
 * declare const orders: EcsMicroservice;
 * declare const fileSystem: efs.FileSystem;
 * orders.addExtension('Uploads', new EfsVolume({ fileSystem, path: '/uploads' }));
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
 */
export class EfsVolume implements IWorkloadExtension {
  constructor(private readonly options: EfsVolumeOptions) {
    checkPattern(undefined, 'path', options.path, /^\/./, 'an absolute path', 'begin it with a slash');
    checkPattern(undefined, 'directory', options.directory, /^\//, 'an absolute path', 'begin it with a slash');
    checkInteger(undefined, 'userId', options.userId, 0, 4294967295, 'give the number of the user that owns the files');
  }

  public extend(scope: Construct, workload: IEcsWorkload): void {
    const { fileSystem, path, readOnly } = this.options;
    const id = String(this.options.userId ?? 1000);
    const accessPoint = new efs.AccessPoint(scope, 'AccessPoint', {
      fileSystem,
      path: this.options.directory ?? `/${scope.node.id}`,
      posixUser: { uid: id, gid: id },
      createAcl: { ownerUid: id, ownerGid: id, permissions: '750' },
    });
    workload.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['elasticfilesystem:ClientMount', ...readOnly === true ? [] : ['elasticfilesystem:ClientWrite']],
      resources: [fileSystem.fileSystemArn],
      conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn } },
    }));
    openFileSystem(scope, fileSystem, workload);
    workload.service?.node.addDependency(fileSystem.mountTargetsAvailable);
    workload.mountVolume({
      name: scope.node.id,
      path,
      readOnly,
      efs: {
        fileSystemId: fileSystem.fileSystemId,
        transitEncryption: 'ENABLED',
        authorizationConfig: { accessPointId: accessPoint.accessPointId, iam: 'ENABLED' },
      },
    });
  }
}

/** Both ways: the rule that lets the tasks in stands in the workload's stack, and the tasks are let out to it where their group does not let out all. */
function openFileSystem(scope: Construct, fileSystem: efs.IFileSystem, workload: IEcsWorkload): void {
  const [tasks] = workload.connections.securityGroups;
  const [target] = fileSystem.connections.securityGroups;
  new ec2.CfnSecurityGroupIngress(scope, 'FromTasks', {
    groupId: target.securityGroupId,
    sourceSecurityGroupId: tasks.securityGroupId,
    ipProtocol: 'tcp',
    fromPort: 2049,
    toPort: 2049,
  });
  tasks.addEgressRule(target, ec2.Port.tcp(2049), 'to the file system');
}
