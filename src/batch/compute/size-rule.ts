import { type Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib/core';

/** Up to here Fargate is at its best: jobs start within a minute. */
const MOST_VCPUS = 4;
const MOST_MEMORY_MIB = 30 * 1024;

/**
 * Why a job of a size is better on EC2 instances; undefined where Fargate serves it. What is only known at deploy time is taken to be small.
 *
 * @see https://docs.aws.amazon.com/batch/latest/userguide/bestpractices6.html
 */
export function reasonForInstances(vcpus: number, memory: Size): string | undefined {
  if (!Token.isUnresolved(vcpus) && vcpus > MOST_VCPUS) return `${vcpus} vCPU are more than ${MOST_VCPUS}`;
  const memoryMiB = memory.isUnresolved() ? 0 : memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  return memoryMiB > MOST_MEMORY_MIB ? `${memoryMiB} MiB are more than ${MOST_MEMORY_MIB}` : undefined;
}
