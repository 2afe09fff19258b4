import { Annotations, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ComputeLane } from './compute-lane';
import { proveFit } from './fit-proof';
import type { JobComputeConfig } from './job-compute-config';
import { fail, show } from '../../private/fail';
import { warn, WarningId } from '../../private/warnings';

/** With fewer families to choose from, Spot capacity is found less often and taken away more often. */
const FEW_FAMILIES = 3;

/** Rejects a job for which there is never room, and says what a rule has decided. */
export function checkLane(job: Construct, config: JobComputeConfig, lane: ComputeLane): void {
  checkMaxVcpus(job, config, lane.maxVcpus);
  checkInstances(job, config, lane);
  if (config.reason !== undefined) {
    Annotations.of(job).addInfo(`runs on EC2 instances, because ${config.reason}, up to where Fargate is chosen; choose yourself with JobCompute.fargate or JobCompute.ec2`);
  }
}

function checkMaxVcpus(job: Construct, { vcpus, on }: JobComputeConfig, maxVcpus: number): void {
  if (Token.isUnresolved(vcpus) || Token.isUnresolved(maxVcpus) || vcpus <= maxVcpus) return;
  const ceiling = on === undefined ? "the pipeline's 'maxVcpus'" : `'maxVcpus' of ${on.node.path}`;
  fail(job, `'compute' must fit into ${ceiling}, which is ${maxVcpus}, got ${vcpus} vCPU; `
    + "raise 'maxVcpus' or choose a smaller size");
}

function checkInstances(job: Construct, { vcpus, memory, gpus, spot }: JobComputeConfig, { supplies }: ComputeLane): void {
  const instances = supplies.flatMap((supply) => supply.instances ?? []);
  if (instances.length === 0) return;
  const instanceTypes = instances.flatMap((each) => each.instanceTypes);
  const families = new Set(instanceTypes.map((word) => word.split('.')[0]));
  if (spot !== undefined && families.size < FEW_FAMILIES && ![...families].some((family) => family.startsWith('default_')) && gpus === 0) {
    warn(job, WarningId.FEW_SPOT_FAMILIES, `it has ${families.size} instance families to choose from on Spot, ${show([...families])}: name ${FEW_FAMILIES} or more, `
      + 'so that capacity is found and less often taken away');
  }
  if (Token.isUnresolved(vcpus) || Token.isUnresolved(gpus) || memory.isUnresolved()) return;
  const { problem, unknown } = proveFit({ vcpus, memoryMiB: memory.toMebibytes(), gpus }, { instanceTypes, arm: supplies[0].arm === true });
  if (problem !== undefined) fail(job, problem);
  if (unknown.length > 0) {
    warn(job, WarningId.INSTANCES_UNKNOWN, `nothing is known of the instance types ${show(unknown)}: see yourself that one of them holds ${vcpus} vCPU, ${memory.toMebibytes()} MiB`
      + `${gpus === 0 ? '' : ` and ${gpus} GPU`}, or the job waits until its queue cancels it`);
  }
}
