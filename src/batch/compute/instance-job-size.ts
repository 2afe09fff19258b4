import { type Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib/core';
import { checkInteger } from '../../private/check';
import { fail } from '../../private/fail';
import { cpuUnitsMeant } from '../fargate-job-size';

/** Rejects what no instance understands: AWS would refuse it, or wait for such an instance for ever. */
export function checkInstanceSize(vcpus: number, memory: Size, gpus: number | undefined, sharedMemory: Size | undefined): void {
  const meant = Token.isUnresolved(vcpus) ? undefined : cpuUnitsMeant(vcpus);
  if (meant !== undefined) {
    fail(undefined, `'vcpus' must be a whole number of virtual CPUs, got ${vcpus}; did you mean CPU units? ${vcpus} CPU units are ${meant} vCPU`);
  }
  checkInteger(undefined, 'vcpus', vcpus, 1, 1024, 'an instance gives whole CPUs: use JobCompute.fargate for less than one');
  checkInteger(undefined, 'gpus', gpus, 1, 16, 'a job has whole GPUs for itself');
  if (memory.isUnresolved()) return;
  const memoryMiB = memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  checkInteger(undefined, 'memory', memoryMiB, 4, 33_554_432, 'it is in MiB');
  if (sharedMemory === undefined || sharedMemory.isUnresolved()) return;
  checkInteger(undefined, 'sharedMemory', sharedMemory.toMebibytes({ rounding: SizeRoundingBehavior.NONE }), 1, memoryMiB,
    "it is in MiB, and a part of the job's 'memory'");
}
