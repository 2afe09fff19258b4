import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { fail, show } from '../private/fail';

/** What `ecs.AssetImage` keeps to itself until it is bound. */
interface AssetImageParts {
  readonly directory: string;
  readonly props?: ecs.AssetImageProps;
}

/**
 * The image, built for the processor that its task runs on, whatever machine builds it.
 *
 * Without this, an image that an ARM64 laptop builds ends with `exec format error` in a task that runs on X86_64. Images from registries and assets that were
 * made elsewhere keep their own platform, which cannot be seen here.
 */
export function imageFor(scope: Construct, image: ecs.ContainerImage, architecture?: ecs.CpuArchitecture): ecs.ContainerImage {
  if (!(image instanceof ecs.AssetImage)) return image;
  const { directory, props = {} } = image as unknown as AssetImageParts;
  const isArm = architecture === ecs.CpuArchitecture.ARM64;
  const wanted = isArm ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;
  if (props.platform === undefined) return new ecs.AssetImage(directory, { ...props, platform: wanted });
  if (props.platform.platform !== wanted.platform) {
    const other = isArm ? 'X86_64' : 'ARM64';
    fail(scope, `'image' must be built for ${show(wanted.platform)}, on which the task runs, got 'platform' ${show(props.platform.platform)}; `
      + `omit 'platform', or give 'size' the architecture ecs.CpuArchitecture.${other}`);
  }
  return image;
}
