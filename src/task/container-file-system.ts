import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { fail } from '../private/fail';
import { writablePathsOf } from '../private/writable-paths';

/** A file system in memory of this size for each writable path. */
const TMPFS_MIB = 64;

/**
 * Everybody may write, and only the owner may delete: as in any `/tmp`. Without a mode, the mount takes that of the directory in the image, which most
 * often is root's alone.
 */
const TMPFS_MODE = 'mode=1777' as ecs.TmpfsMountOption;

/** Which files a container may write, and the init process that it has. */
interface ContainerFileSystem {
  readonly readonlyRootFilesystem: boolean;
  readonly linuxParameters: ecs.LinuxParameters;
}

/**
 * A root file system that is read-only, with file systems in memory at the writable paths.
 *
 * `id` names the construct that holds the parameters, one for each container.
 */
export function containerFileSystem(scope: Construct, id: string, writablePaths: string[], memoryMiB: number): ContainerFileSystem {
  const paths = writablePathsOf(scope, writablePaths);
  checkMemory(scope, paths, memoryMiB);
  // an init process reaps zombies and passes signals on, so that the process hears of the stop in time.
  const linuxParameters = new ecs.LinuxParameters(scope, id, { initProcessEnabled: true });
  const everything = paths.includes('/');
  if (!everything) paths.forEach((containerPath) => linuxParameters.addTmpfs({ containerPath, size: TMPFS_MIB, mountOptions: [TMPFS_MODE] }));
  return { readonlyRootFilesystem: !everything, linuxParameters };
}

function checkMemory(scope: Construct, paths: string[], memoryMiB: number): void {
  if (Token.isUnresolved(memoryMiB) || paths.includes('/') || paths.length * TMPFS_MIB < memoryMiB) return;
  fail(scope, `'writablePaths' take ${TMPFS_MIB} MiB of memory each, got ${paths.length} of them in a task of ${memoryMiB} MiB; `
    + "give fewer paths, a larger 'size', or '/' to make the whole file system writable");
}
