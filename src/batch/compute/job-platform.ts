import type * as batch from 'aws-cdk-lib/aws-batch';
import { Tokenization } from 'aws-cdk-lib/core';
import type { JobComputeConfig } from './job-compute-config';
import type { IFargateCluster } from '../../cluster/ifargate-cluster';

/** The part of a container's properties that depends on what it runs on. */
type PlatformProperties = Pick<batch.CfnJobDefinition.ContainerPropertiesProperty,
'resourceRequirements' | 'runtimePlatform' | 'linuxParameters' | 'fargatePlatformConfiguration' | 'networkConfiguration'>;

/** What AWS refuses on the other platform is left out. */
export function renderPlatform(config: JobComputeConfig, cluster: IFargateCluster): PlatformProperties {
  const linuxParameters = {
    // reaps what the process leaves behind and passes signals on, so that it hears of a stop in time.
    initProcessEnabled: true,
    sharedMemorySize: config.sharedMemory?.toMebibytes(),
  };
  const resourceRequirements = renderRequirements(config);
  if (config.platform !== 'FARGATE') return { resourceRequirements, linuxParameters };
  return {
    resourceRequirements,
    linuxParameters,
    runtimePlatform: { cpuArchitecture: config.architecture?._cpuArchitecture, operatingSystemFamily: 'LINUX' },
    fargatePlatformConfiguration: { platformVersion: 'LATEST' },
    networkConfiguration: { assignPublicIp: cluster.assignPublicIp ? 'ENABLED' : 'DISABLED' },
  };
}

function renderRequirements({ vcpus, memory, gpus }: JobComputeConfig): batch.CfnJobDefinition.ResourceRequirementProperty[] {
  return [
    { type: 'VCPU', value: Tokenization.stringifyNumber(vcpus) },
    { type: 'MEMORY', value: Tokenization.stringifyNumber(memory.toMebibytes()) },
    ...(gpus === 0 ? [] : [{ type: 'GPU', value: Tokenization.stringifyNumber(gpus) }]),
  ];
}
