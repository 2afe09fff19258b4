import type * as batch from 'aws-cdk-lib/aws-batch';
import type { Construct } from 'constructs';
import { writablePathsOf } from '../private/writable-paths';

/** The part of a container's properties that says what its process may write to. */
interface FileSystem {
  readonly readonlyRootFilesystem: boolean;
  readonly volumes?: batch.CfnJobDefinition.VolumesProperty[];
  readonly mountPoints?: batch.CfnJobDefinition.MountPointsProperty[];
}

/**
 * A read-only root with a scratch volume for each writable path.
 *
 * Batch refuses file systems in memory on Fargate. A volume without a host path is an empty directory on the task's own disk.
 */
export function renderFileSystem(scope: Construct, writablePaths: string[]): FileSystem {
  const paths = writablePathsOf(scope, writablePaths);
  if (paths.includes('/')) return { readonlyRootFilesystem: false };
  if (paths.length === 0) return { readonlyRootFilesystem: true };
  const scratch = paths.map((containerPath, index) => ({ name: `scratch${index}`, containerPath }));
  return {
    readonlyRootFilesystem: true,
    volumes: scratch.map(({ name }) => ({ name })),
    mountPoints: scratch.map(({ name, containerPath }) => ({ sourceVolume: name, containerPath, readOnly: false })),
  };
}
