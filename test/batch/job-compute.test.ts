import { Match } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnParameter, Size } from 'aws-cdk-lib/core';
import { createJob, createPipeline } from './fixtures';
import { JobCompute } from '../../src';
import { IMAGE } from '../util/fixtures';

describe('JobCompute', () => {
  const requirements = (vcpus: string, memory: string) => ({
    ContainerProperties: Match.objectLike({
      ResourceRequirements: [{ Type: 'VCPU', Value: vcpus }, { Type: 'MEMORY', Value: memory }],
    }),
  });

  test.each([
    [0.25, 512], [0.25, 2048], [0.5, 1024], [0.5, 4096], [1, 2048], [1, 8192], [2, 4096], [2, 16384],
    [4, 8192], [4, 30720], [8, 16384], [8, 61440], [16, 32768], [16, 122880],
  ])('offers %d vCPU with %d MiB', (vcpus, memory) => {
    const { template } = createJob({ compute: JobCompute.fargate({ vcpus, memory: Size.mebibytes(memory) }) });
    template().hasResourceProperties('AWS::Batch::JobDefinition', requirements(String(vcpus), String(memory)));
  });

  test('is 1 vCPU with 2 GiB on x86 unless said otherwise', () => {
    createJob().template().hasResourceProperties('AWS::Batch::JobDefinition', {
      ...requirements('1', '2048'),
      PlatformCapabilities: ['FARGATE'],
    });
    createJob().template().hasResourceProperties('AWS::Batch::JobDefinition', {
      ContainerProperties: { RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' } },
    });
  });

  test('runs on ARM where asked to', () => {
    const compute = JobCompute.size({ vcpus: 1, memory: Size.gibibytes(2), architecture: ecs.CpuArchitecture.ARM64 });
    createJob({ compute }).template().hasResourceProperties('AWS::Batch::JobDefinition', {
      ContainerProperties: { RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' } },
    });
  });

  test('serves several jobs', () => {
    const { pipeline, template } = createPipeline();
    const compute = JobCompute.size({ vcpus: 2, memory: Size.gibibytes(8) });
    pipeline.addJob('One', { image: IMAGE, compute });
    pipeline.addJob('Other', { image: IMAGE, compute });
    template().resourcePropertiesCountIs('AWS::Batch::JobDefinition', requirements('2', '8192'), 2);
  });

  test('takes tokens', () => {
    const { stack, pipeline, template } = createPipeline();
    const vcpus = new CfnParameter(stack, 'Vcpus', { type: 'Number' }).valueAsNumber;
    const memory = Size.mebibytes(new CfnParameter(stack, 'Memory', { type: 'Number' }).valueAsNumber);
    pipeline.addJob('Extract', { image: IMAGE, compute: JobCompute.size({ vcpus, memory }) });
    template().hasResourceProperties('AWS::Batch::JobDefinition', {
      ContainerProperties: { ResourceRequirements: [{ Type: 'VCPU', Value: { Ref: 'Vcpus' } }, { Type: 'MEMORY', Value: { Ref: 'Memory' } }] },
    });
  });

  test.each([
    [256, 0.25], [512, 0.5], [1024, 1], [16384, 16],
  ])('fails when CPU units are meant: %d', (vcpus, meant) => {
    expect(() => JobCompute.size({ vcpus, memory: Size.gibibytes(2) })).toThrow(new Error(
      `'vcpus' must be 0.25, 0.5, 1, 2, 4, 8, 16, got ${vcpus}; did you mean CPU units? ${vcpus} CPU units are ${meant} vCPU`));
  });

  test.each([
    [3, 'the nearest that holds it is JobCompute.size({ vcpus: 4, memory: Size.mebibytes(8192) })'],
    [0, 'the nearest that holds it is JobCompute.size({ vcpus: 0.25, memory: Size.mebibytes(512) })'],
    [32, 'the largest that Fargate offers is 16 vCPU with 122880 MiB: use JobCompute.ec2'],
  ])('fails when Fargate has no such number of vCPUs: %d', (vcpus, remedy) => {
    expect(() => JobCompute.fargate({ vcpus, memory: Size.gibibytes(2) }))
      .toThrow(new Error(`'vcpus' must be 0.25, 0.5, 1, 2, 4, 8, 16, got ${vcpus}; ${remedy}`));
  });

  test.each([
    [0.25, 1536, '512, 1024, 2048 MiB', 'the nearest that holds it is JobCompute.size({ vcpus: 0.25, memory: Size.mebibytes(2048) })'],
    [1, 1024, '2048 to 8192 MiB in steps of 1024', 'the nearest that holds it is JobCompute.size({ vcpus: 1, memory: Size.mebibytes(2048) })'],
    [1, 9000, '2048 to 8192 MiB in steps of 1024', 'the nearest that holds it is JobCompute.size({ vcpus: 2, memory: Size.mebibytes(9216) })'],
    [8, 17408, '16384 to 61440 MiB in steps of 4096', 'the nearest that holds it is JobCompute.fargate({ vcpus: 8, memory: Size.mebibytes(20480) })'],
    [16, 131072, '32768 to 122880 MiB in steps of 8192', 'the largest that Fargate offers is 16 vCPU with 122880 MiB: use JobCompute.ec2'],
  ])('fails when Fargate has no such memory: %d vCPU, %d MiB', (vcpus, memory, allowed, remedy) => {
    expect(() => JobCompute.fargate({ vcpus, memory: Size.mebibytes(memory) }))
      .toThrow(new Error(`'memory' beside ${vcpus} vCPU must be ${allowed}, got ${memory} MiB; ${remedy}`));
  });

  test('fails when the memory is no whole number of MiB', () => {
    expect(() => JobCompute.size({ vcpus: 1, memory: Size.kibibytes(2048 * 1024 + 512) })).toThrow(
      "'memory' beside 1 vCPU must be 2048 to 8192 MiB in steps of 1024, got 2048.5 MiB");
  });
});
