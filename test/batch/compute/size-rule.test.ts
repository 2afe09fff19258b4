import { Match } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Size } from 'aws-cdk-lib/core';
import { createCompute, infosOf } from './fixtures';
import { BatchCapacity, JobCompute } from '../../../src';
import { IMAGE } from '../../util/fixtures';
import { createJob, createPipeline } from '../fixtures';

const DEFINITION = 'AWS::Batch::JobDefinition';
const ENVIRONMENT = 'AWS::Batch::ComputeEnvironment';

describe('JobCompute, choice by rule', () => {
  test.each([[4, 30], [1, 2]])('chooses Fargate for %d vCPU with %d GiB, without a word', (vcpus, gibibytes) => {
    const { template, stack } = createJob({ compute: JobCompute.size({ vcpus, memory: Size.gibibytes(gibibytes) }) });
    template().hasResourceProperties(DEFINITION, { PlatformCapabilities: ['FARGATE'] });
    template().resourceCountIs(ENVIRONMENT, 1);
    expect(infosOf(stack)).toEqual([]);
  });

  test.each([
    [5, 8, '5 vCPU are more than 4'],
    [4, 31, '31744 MiB are more than 30720'],
  ])('chooses instances for %d vCPU with %d GiB, and says so', (vcpus, gibibytes, why) => {
    const { template, stack, pipeline } = createJob({ compute: JobCompute.size({ vcpus, memory: Size.gibibytes(gibibytes) }) });
    template().hasResourceProperties(DEFINITION, {
      PlatformCapabilities: ['EC2'],
      ContainerProperties: { FargatePlatformConfiguration: Match.absent(), NetworkConfiguration: Match.absent(), RuntimePlatform: Match.absent() },
    });
    template().hasResourceProperties(ENVIRONMENT, { ComputeResources: { Type: 'EC2', InstanceTypes: ['default_x86_64'] } });
    expect(infosOf(stack)).toEqual([
      `runs on EC2 instances, because ${why}, up to where Fargate is chosen; choose yourself with JobCompute.fargate or JobCompute.ec2`,
    ]);
    expect(pipeline.toRunbook()).toContain(`EC2, X86_64, since ${why}`);
  });

  test('is overruled by a choice', () => {
    createJob({ compute: JobCompute.fargate({ vcpus: 16, memory: Size.gibibytes(120) }) }).template()
      .hasResourceProperties(DEFINITION, { PlatformCapabilities: ['FARGATE'] });
    createJob({ compute: JobCompute.ec2({ vcpus: 1, memory: Size.gibibytes(1) }) }).template()
      .hasResourceProperties(DEFINITION, { PlatformCapabilities: ['EC2'] });
  });

  test('makes one environment for each kind, which jobs of a kind share', () => {
    const { pipeline, template } = createPipeline();
    const memory = Size.gibibytes(10);
    const kinds = {
      Small: JobCompute.size({ vcpus: 2, memory }),
      Large: JobCompute.size({ vcpus: 8, memory }),
      Large2: JobCompute.ec2({ vcpus: 3, memory }),
      Arm: JobCompute.ec2({ vcpus: 3, memory, architecture: ecs.CpuArchitecture.ARM64 }),
      Gpu: JobCompute.gpu({ gpus: 1, vcpus: 4, memory }),
      Gpu2: JobCompute.gpu({ gpus: 4, vcpus: 40, memory }),
    };
    Object.entries(kinds).forEach(([id, compute]) => pipeline.addJob(id, { image: IMAGE, compute }));
    template().resourceCountIs(ENVIRONMENT, 4);
    template().resourceCountIs('AWS::Batch::JobQueue', 4);
    template().hasResourceProperties(ENVIRONMENT, { ComputeResources: { InstanceTypes: ['default_arm64'] } });
  });

  test('gives GPUs, and half of the memory as shared memory', () => {
    const { template } = createJob({ compute: JobCompute.gpu({ gpus: 1, vcpus: 4, memory: Size.gibibytes(14) }) });
    template().hasResourceProperties(DEFINITION, {
      ContainerProperties: {
        ResourceRequirements: [{ Type: 'VCPU', Value: '4' }, { Type: 'MEMORY', Value: '14336' }, { Type: 'GPU', Value: '1' }],
        LinuxParameters: { InitProcessEnabled: true, SharedMemorySize: 7168 },
      },
    });
  });

  test('gives shared memory as asked for', () => {
    const compute = JobCompute.ec2({ vcpus: 4, memory: Size.gibibytes(14), sharedMemory: Size.gibibytes(1) });
    createJob({ compute }).template()
      .hasResourceProperties(DEFINITION, { ContainerProperties: { LinuxParameters: { SharedMemorySize: 1024 } } });
  });

  test.each<[string, () => unknown, string]>([
    ['CPU units', () => JobCompute.ec2({ vcpus: 4096, memory: Size.gibibytes(8) }),
      "'vcpus' must be a whole number of virtual CPUs, got 4096; did you mean CPU units? 4096 CPU units are 4 vCPU"],
    ['CPU units for a GPU job', () => JobCompute.gpu({ gpus: 1, vcpus: 8192, memory: Size.gibibytes(8) }),
      "'vcpus' must be a whole number of virtual CPUs, got 8192; did you mean CPU units? 8192 CPU units are 8 vCPU"],
    ['CPU units by rule', () => JobCompute.size({ vcpus: 8192, memory: Size.gibibytes(64) }),
      "'vcpus' must be 0.25, 0.5, 1, 2, 4, 8, 16, got 8192; did you mean CPU units? 8192 CPU units are 8 vCPU"],
    ['half a CPU', () => JobCompute.ec2({ vcpus: 0.5, memory: Size.gibibytes(8) }),
      "'vcpus' must be between 1 and 1024, got 0.5; an instance gives whole CPUs: use JobCompute.fargate for less than one"],
    ['half a GPU', () => JobCompute.gpu({ gpus: 0.5, vcpus: 1, memory: Size.gibibytes(8) }),
      "'gpus' must be between 1 and 16, got 0.5; a job has whole GPUs for itself"],
    ['more shared memory than memory', () => JobCompute.ec2({ vcpus: 1, memory: Size.gibibytes(1), sharedMemory: Size.gibibytes(2) }),
      "'sharedMemory' must be between 1 and 1024, got 2048; it is in MiB, and a part of the job's 'memory'"],
    ['GPUs on Fargate', () => JobCompute.on(createCompute().compute, { vcpus: 1, memory: Size.gibibytes(2), gpus: 1 }),
      "'gpus' and 'sharedMemory' need instances, got compute on Fargate; make a BatchCompute with BatchCapacity.gpu or BatchCapacity.ec2"],
    ['an odd size on shared Fargate', () => JobCompute.on(createCompute().compute, { vcpus: 3, memory: Size.gibibytes(2) }),
      "'vcpus' must be 0.25, 0.5, 1, 2, 4, 8, 16, got 3; the nearest that holds it is JobCompute.size({ vcpus: 4, memory: Size.mebibytes(8192) })"],
    ['ARM on x86', () => JobCompute.on(createCompute(BatchCapacity.ec2()).compute, {
      vcpus: 1, memory: Size.gibibytes(2), architecture: ecs.CpuArchitecture.ARM64,
    }), "'architecture' must be that of the compute, which is X86_64, got ARM64; omit it, or use other compute"],
  ])('fails when there is %s', (_, create, message) => {
    expect(create).toThrow(new Error(message));
  });
});
