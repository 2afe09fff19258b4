import { Lazy, Size } from 'aws-cdk-lib/core';
import { TaskSize } from '../../src';

describe('TaskSize', () => {
  test.each([
    [256, 512], [256, 1024], [256, 2048], [512, 1024], [512, 4096], [1024, 2048], [1024, 8192], [2048, 4096], [2048, 16384],
    [4096, 8192], [4096, 30720], [8192, 16384], [8192, 20480], [8192, 61440], [16384, 32768], [16384, 40960], [16384, 122880],
    [32768, 61440], [32768, 122880], [32768, 249856],
  ])('offers %d CPU units with %d MiB', (cpu, memory) => {
    const size = TaskSize.of(cpu, memory);
    expect([size.cpu, size.memoryMiB]).toEqual([cpu, memory]);
  });

  test.each([
    [256, 4096, "'size' with 256 CPU units must have 512, 1024, 2048 MiB of memory, got 4096; the nearest that holds it is TaskSize.of(512, 4096)"],
    [256, 1536, "'size' with 256 CPU units must have 512, 1024, 2048 MiB of memory, got 1536; the nearest that holds it is TaskSize.of(256, 2048)"],
    [512, 512, "'size' with 512 CPU units must have 1024 to 4096 MiB in steps of 1024 of memory, got 512; the nearest that holds it is TaskSize.of(512, 1024)"],
    [8192, 18432, "'size' with 8192 CPU units must have 16384 to 61440 MiB in steps of 4096 of memory, got 18432; "
      + 'the nearest that holds it is TaskSize.of(8192, 20480)'],
    [32768, 131072, "'size' with 32768 CPU units must have 61440, 122880, 249856 MiB of memory, got 131072; "
      + 'the nearest that holds it is TaskSize.of(32768, 249856)'],
    [32768, 300000, "'size' with 32768 CPU units must have 61440, 122880, 249856 MiB of memory, got 300000; the largest is 249856 MiB"],
  ])('fails when %d CPU units come with %d MiB', (cpu, memory, message) => {
    expect(() => TaskSize.of(cpu, memory)).toThrow(new Error(message));
  });

  test('fails when the CPU units do not exist', () => {
    expect(() => TaskSize.of(300, 512)).toThrow(
      new Error("'size' must have 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 CPU units, got 300; 1024 CPU units are one vCPU"));
  });

  test('takes tokens', () => {
    const token = Lazy.number({ produce: () => 256 });
    expect(TaskSize.of(token, 1).cpu).toBe(token);
    expect(TaskSize.of(256, token).memoryMiB).toBe(token);
  });

  test('has names', () => {
    const sizes = [TaskSize.nano(), TaskSize.small(), TaskSize.medium(), TaskSize.large(), TaskSize.xlarge()];
    expect(sizes.map(({ cpu, memoryMiB }) => [cpu, memoryMiB])).toEqual([[256, 512], [512, 1024], [1024, 2048], [2048, 4096], [4096, 8192]]);
  });

  test.each([Size.gibibytes(21), Size.gibibytes(200), Size.mebibytes(30 * 1024), undefined])('takes ephemeralStorage of %s', (ephemeralStorage) => {
    expect(TaskSize.small({ ephemeralStorage }).ephemeralStorage).toBe(ephemeralStorage);
  });

  test.each([[20 * 1024, 20], [201 * 1024, 201], [22 * 1024 + 512, 22.5]])('fails when ephemeralStorage is %d MiB', (mebibytes, got) => {
    const ephemeralStorage = Size.mebibytes(mebibytes);
    expect(() => TaskSize.small({ ephemeralStorage })).toThrow(
      new Error(`'ephemeralStorage' must be a whole number of GiB between 21 and 200, got ${got} GiB; omit it for the 20 GiB that are free`));
  });
});

describe('TaskSize.onInstances', () => {
  test.each([[128, 6], [300, 700], [196608, 1048576]])('takes %d CPU units with %d MiB, which Fargate does not offer', (cpu, memoryMiB) => {
    expect(TaskSize.onInstances(cpu, memoryMiB)).toMatchObject({ cpu, memoryMiB, gpus: undefined });
  });

  test('takes GPUs', () => {
    expect(TaskSize.onInstances(1024, 2048, { gpus: 2 }).gpus).toBe(2);
  });

  test.each<[string, () => TaskSize, string]>([
    ['there is too little CPU', () => TaskSize.onInstances(64, 512), "'cpu' must be between 128 and 196608, got 64; 1024 CPU units are one vCPU"],
    ['there is too little memory', () => TaskSize.onInstances(128, 4), "'memoryMiB' must be between 6 and 33554432, got 4; 1024 MiB are one GiB"],
    ['there are no GPUs in it', () => TaskSize.onInstances(128, 512, { gpus: 0 }), "'gpus' must be between 1 and 16, got 0; omit it for a task without a GPU"],
  ])('fails when %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
