import { Size } from 'aws-cdk-lib/core';
import { createCompute, warningsOf } from './fixtures';
import { BatchCapacity, EcsBatchPipeline, JobCompute, JobSpot } from '../../../src';
import { proveFit, usableMemory } from '../../../src/batch/compute/fit-proof';
import { knownOffers, offersOf } from '../../../src/batch/compute/instance-types';
import { IMAGE } from '../../util/fixtures';
import { createJob } from '../fixtures';

describe('fit proof', () => {
  test.each([
    ['m7i.2xlarge', 8, 32, 0], ['c7g.16xlarge', 64, 128, 0], ['r6i.large', 2, 16, 0], ['c5.9xlarge', 36, 72, 0],
    ['g5.12xlarge', 48, 192, 4], ['g6e.48xlarge', 192, 1536, 8], ['p5.48xlarge', 192, 2048, 8], ['m8g.medium', 1, 4, 0],
  ])('knows %s', (name, vcpus, gibibytes, gpus) => {
    expect(offersOf(name)).toEqual([{ name, vcpus, memoryMiB: gibibytes * 1024, gpus, arm: /\dg/.test(name) }]);
  });

  test('knows each type once, and what Batch calls default', () => {
    const names = knownOffers().map((offer) => offer.name);
    expect(new Set(names).size).toBe(names.length);
    expect(offersOf('default_x86_64')!.every((offer) => !offer.arm && offer.gpus === 0)).toBe(true);
    expect(offersOf('default_arm64')!.every((offer) => offer.arm)).toBe(true);
  });

  test('counts what the kernel and the agent take', () => {
    expect(usableMemory(8192)).toBeLessThan(7985 - 32);
    const supply = { instanceTypes: ['m7i.large'], arm: false };
    expect(proveFit({ vcpus: 2, memoryMiB: usableMemory(8192), gpus: 0 }, supply)).toEqual({ unknown: [] });
    expect(proveFit({ vcpus: 2, memoryMiB: 8192, gpus: 0 }, supply).problem).toBe(
      "'compute' must fit onto an instance of its compute environment, got 2 vCPU, 8192 MiB, and the largest of them, m7i.large, has 2 vCPU, 7832 MiB for jobs; "
      + "the nearest that does is r5.large: add it to 'instanceTypes', or ask for less");
  });

  test('needs one instance that has all of it', () => {
    const supply = { instanceTypes: ['c7i.16xlarge', 'r7i.large'], arm: false };
    expect(proveFit({ vcpus: 32, memoryMiB: 250 * 1024, gpus: 0 }, supply).problem).toBeDefined();
  });

  test('does not judge what it does not know', () => {
    expect(proveFit({ vcpus: 500, memoryMiB: 1, gpus: 0 }, { instanceTypes: ['m7i', 'u7i-8tb'], arm: false })).toEqual({ unknown: ['u7i-8tb'] });
    expect(proveFit({ vcpus: 1, memoryMiB: 1, gpus: 0 }, { instanceTypes: ['m7i', 'u7i-8tb'], arm: false })).toEqual({ unknown: [] });
  });

  test('fails when no default instance holds a job', () => {
    expect(() => createJob({ compute: JobCompute.ec2({ vcpus: 200, memory: Size.gibibytes(100) }) })).toThrow(new Error(
      "'compute' must fit onto an instance of its compute environment, got 200 vCPU, 102400 MiB, and the largest of them, c7i.48xlarge, has 192 vCPU, "
      + "377455 MiB for jobs; the nearest that does is c8i.96xlarge: add it to 'instanceTypes', or ask for less (at Stack/Etl/Jobs/Extract)"));
  });

  test('fails when no instance has so many GPUs', () => {
    expect(() => createJob({ compute: JobCompute.gpu({ gpus: 9, vcpus: 8, memory: Size.gibibytes(100) }) })).toThrow(
      'got 8 vCPU, 102400 MiB and 9 GPU, and the largest of them, g5.48xlarge, has 192 vCPU, 754942 MiB and 8 GPU for jobs; '
      + 'no instance type that is known here does: ask for less');
  });

  test('fails when a job asks for a GPU of instances without one', () => {
    const { stack, cluster, compute } = createCompute(BatchCapacity.ec2({ instanceTypes: ['m7i'] }));
    expect(() => new EcsBatchPipeline(stack, 'Etl', { cluster })
      .addJob('Job', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: 1, memory: Size.gibibytes(1), gpus: 1 }) }))
      .toThrow('the nearest that does is g4dn.xlarge');
  });

  test('warns of families that nothing is known of', () => {
    const { stack, cluster, compute } = createCompute(BatchCapacity.ec2({ instanceTypes: ['u7i-8tb'] }));
    new EcsBatchPipeline(stack, 'Etl', { cluster })
      .addJob('Job', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: 8, memory: Size.gibibytes(16) }) });
    expect(warningsOf(stack)).toEqual([expect.stringContaining('nothing is known of the instance types ["u7i-8tb"]: see yourself that one of them holds 8 vCPU, 16384 MiB')]);
  });

  test.each([
    [['m7i', 'm6i'], 1], [['m7i', 'm6i', 'r7i'], 0], [['default_x86_64'], 0],
  ])('warns of few families on Spot: %j', (instanceTypes, warnings) => {
    const { stack, cluster, compute } = createCompute(BatchCapacity.ec2({ instanceTypes }));
    const spot = JobSpot.only({ acceptLostWork: true });
    new EcsBatchPipeline(stack, 'Etl', { cluster })
      .addJob('Job', { image: IMAGE, compute: JobCompute.on(compute, { vcpus: 1, memory: Size.gibibytes(1), spot }) });
    expect(warningsOf(stack)).toHaveLength(warnings);
  });
});
