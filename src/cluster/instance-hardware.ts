import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import { fail, show } from '../private/fail';

/** What all instances of one capacity have in common: one machine image must fit them all. */
export interface InstanceHardware {
  readonly architecture: ec2.InstanceArchitecture;
  /** Whether they have NVIDIA GPUs. */
  readonly gpu: boolean;
}

/** Families with NVIDIA GPUs: P, G and GR. */
const GPU_FAMILY = /^(p|g|gr)\d/;
/** Accelerators that need another image and other drivers: AMD GPUs, Inferentia, Trainium, video transcoders, FPGAs, Gaudi. */
const OTHER_ACCELERATOR = /^(g4ad|inf\d|trn\d|vt\d|f\d|dl\d)/;

/**
 * The hardware that the instance types share. Types that do not share it are an error: a group of instances has one image.
 */
export function hardwareOf(types: ec2.InstanceType[]): InstanceHardware {
  const names = types.map((type) => type.toString());
  const unknown = names.find((name) => Token.isUnresolved(name) || !/^[a-z0-9-]+\.[a-z0-9-]+$/.test(name));
  if (unknown !== undefined) {
    fail(undefined, `'instanceTypes' must be known at synthesis, such as "m7g.large", got ${show(unknown)}: the machine image follows from them; pass plain names`);
  }
  const other = names.find((name) => OTHER_ACCELERATOR.test(name));
  if (other !== undefined) {
    fail(undefined, `'instanceTypes' must have no accelerators other than NVIDIA GPUs, got ${show(other)}; choose a type of the P or G families, or one without`);
  }
  const architecture = theOne(names.map(architectureOf), names, 'one CPU architecture');
  const gpu = theOne(names.map((name) => GPU_FAMILY.test(name)), names, 'GPUs or none at all');
  if (gpu && architecture === ec2.InstanceArchitecture.ARM_64) {
    fail(undefined, `'instanceTypes' with GPUs must have x86 CPUs, got ${show(names)}: there is no ECS image for the others; choose another family`);
  }
  return { architecture, gpu };
}

/** AWS Graviton has a `g` behind the generation. The L2 knows no names with hyphens. */
function architectureOf(name: string): ec2.InstanceArchitecture {
  return /^(a1|[a-z]+\d+g[a-z]*|[a-z0-9]+-gb\d+)\./.test(name) ? ec2.InstanceArchitecture.ARM_64 : ec2.InstanceArchitecture.X86_64;
}

function theOne<T>(values: T[], names: string[], what: string): T {
  if (new Set(values).size > 1) {
    fail(undefined, `'instanceTypes' must all have ${what}, got ${show(names)}: they share a machine image; add one capacity for each kind`);
  }
  return values[0];
}
