interface MemoryRange {
  readonly fromMiB: number;
  readonly toMiB: number;
  readonly stepMiB: number;
}

const GIB = 1024;

/** CPU units, and the memory that Fargate on Linux offers with them. */
const MEMORY_OF_CPU = new Map<number, readonly MemoryRange[]>([
  [
    256,
    [
      { fromMiB: 512, toMiB: 512, stepMiB: 512 },
      { fromMiB: GIB, toMiB: 2 * GIB, stepMiB: GIB },
    ],
  ],
  [512, [{ fromMiB: GIB, toMiB: 4 * GIB, stepMiB: GIB }]],
  [1024, [{ fromMiB: 2 * GIB, toMiB: 8 * GIB, stepMiB: GIB }]],
  [2048, [{ fromMiB: 4 * GIB, toMiB: 16 * GIB, stepMiB: GIB }]],
  [4096, [{ fromMiB: 8 * GIB, toMiB: 30 * GIB, stepMiB: GIB }]],
  [8192, [{ fromMiB: 16 * GIB, toMiB: 60 * GIB, stepMiB: 4 * GIB }]],
  [16384, [{ fromMiB: 32 * GIB, toMiB: 120 * GIB, stepMiB: 8 * GIB }]],
]);

/** Whether Fargate has a size of these CPU units and this memory in MiB. */
export function isFargateSize(cpuUnits: number, memoryMiB: number): boolean {
  const ranges = MEMORY_OF_CPU.get(cpuUnits) ?? [];
  return ranges.some(
    ({ fromMiB, toMiB, stepMiB }) =>
      memoryMiB >= fromMiB && memoryMiB <= toMiB && (memoryMiB - fromMiB) % stepMiB === 0,
  );
}

const VCPU = /^(\d*\.?\d+)\s*vcpu$/i;
const GB = /^(\d*\.?\d+)\s*gb$/i;

/** `"1024"` or `"1 vCPU"` as CPU units; NaN when it is neither. */
export function parseCpuUnits(cpu: string): number {
  const vcpu = VCPU.exec(cpu)?.[1];
  return vcpu === undefined ? wholeNumber(cpu) : Number(vcpu) * 1024;
}

/** `"2048"` or `"2 GB"` as MiB; NaN when it is neither. */
export function parseMemoryMiB(memory: string): number {
  const gb = GB.exec(memory)?.[1];
  return gb === undefined ? wholeNumber(memory) : Number(gb) * GIB;
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NaN;
}
