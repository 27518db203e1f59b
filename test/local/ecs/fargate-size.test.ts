import { isFargateSize, parseCpuUnits, parseMemoryMiB } from '../../../local/ecs/fargate-size';

describe('isFargateSize', () => {
  it.each([
    [256, 512],
    [256, 2048],
    [512, 4096],
    [1024, 2048],
    [2048, 16384],
    [4096, 30720],
    [8192, 16384],
    [8192, 20480],
    [16384, 122880],
  ])('knows %i CPU units with %i MiB', (cpuUnits, memoryMiB) => {
    expect(isFargateSize(cpuUnits, memoryMiB)).toBe(true);
  });

  it.each([
    [256, 4096],
    [256, 1536],
    [1024, 1024],
    [1024, 2500],
    [4096, 31744],
    [8192, 17408],
    [1000, 2048],
    [NaN, 2048],
    [1024, NaN],
  ])('has no size of %d CPU units with %d MiB', (cpuUnits, memoryMiB) => {
    expect(isFargateSize(cpuUnits, memoryMiB)).toBe(false);
  });
});

describe('sizes as ECS writes them', () => {
  it('are CPU units or vCPUs', () => {
    expect(['1024', '1 vCPU', '.25 vCPU', '0.25 vcpu', 'much'].map(parseCpuUnits)).toEqual([
      1024,
      1024,
      256,
      256,
      NaN,
    ]);
  });

  it('are MiB or GB', () => {
    expect(['2048', '2 GB', '2gb', '0.5 GB', ''].map(parseMemoryMiB)).toEqual([2048, 2048, 2048, 512, NaN]);
  });
});
