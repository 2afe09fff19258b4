import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { hardwareOf } from '../../cluster/instance-hardware';
import { fail, show } from '../../private/fail';

/** Of what kind the instances of an environment are: one machine image must fit them all. */
interface WordHardware {
  readonly arm: boolean;
  readonly gpu: boolean;
}

/** The words of AWS Batch for general instances, by a family that stands for them. */
const BUNDLES: Record<string, string> = { default_x86_64: 'm6i', default_arm64: 'm6g' };

/** Families that the images of Amazon Linux 2023 do not support. */
const TOO_OLD = /^(a1|p2|p3|p3dn|g3|g3s)(\.|$)/;

/** What instance types, families and bundles have in common. What does not go together is an error. */
export function hardwareOfWords(words: string[], architecture?: ecs.CpuArchitecture): WordHardware {
  if (words.length === 0) fail(undefined, "'instanceTypes' must have one entry or more, got none; omit it for general instances of the Region");
  const optimal = words.find((word) => word === 'optimal');
  if (optimal !== undefined) {
    fail(undefined, "'instanceTypes' must say the CPU architecture, got \"optimal\", whose meaning AWS has changed; use \"default_x86_64\" or \"default_arm64\"");
  }
  const old = words.find((word) => TOO_OLD.test(word));
  if (old !== undefined) {
    fail(undefined, `'instanceTypes' must be of families that Amazon Linux 2023 supports, got ${show(old)}; choose a newer one, such as "g6" or "m7g"`);
  }
  const types = words.map((word) => BUNDLES[word] ?? word).map((word) => new ec2.InstanceType(word.includes('.') ? word : `${word}.large`));
  const hardware = hardwareOf(types);
  const arm = hardware.architecture === ec2.InstanceArchitecture.ARM_64;
  if (architecture !== undefined && (architecture === ecs.CpuArchitecture.ARM64) !== arm) {
    fail(undefined, `'architecture' must be that of the 'instanceTypes', got ${architecture._cpuArchitecture} beside ${show(words)}; omit it, or choose other types`);
  }
  return { arm, gpu: hardware.gpu };
}
