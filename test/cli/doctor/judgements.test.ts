import { judgeAddresses } from '../../../cli/doctor/address-quota';
import { judgeArchitecture } from '../../../cli/doctor/architecture';
import { judgeArnFormat } from '../../../cli/doctor/arn-format';
import { judgeBootstrap, NEEDED_VERSION } from '../../../cli/doctor/bootstrap';
import { ENCODERS, judgeFfmpeg } from '../../../cli/doctor/ffmpeg';
import { judgeBuilder } from '../../../cli/doctor/image-builder';
import { judgeNode } from '../../../cli/doctor/node-version';
import { judgeServiceLinkedRole } from '../../../cli/doctor/service-linked-role';
import type { VcpuFacts } from '../../../cli/doctor/vcpu-quotas';
import { judgeVcpus } from '../../../cli/doctor/vcpu-quotas';
import type { VpcFacts } from '../../../cli/doctor/vpc-quota';
import { judgeVpcs } from '../../../cli/doctor/vpc-quota';
import { encodersText } from './fakes';

describe('judgements of the account', () => {
  it.each([
    ['enabled', 'ok'],
    ['on', 'ok'],
    ['disabled', 'missing'],
    [undefined, 'unknown'],
  ])('task ARN format %s is %s', (value, status) => {
    expect(judgeArnFormat(value).status).toBe(status);
  });

  it.each<[Partial<VcpuFacts>, string, string | undefined]>([
    [{ quota: 100 }, 'ok', undefined],
    [{ quota: 99 }, 'warning', '--desired-value 100, or deploy with -c spotreel:maxTasks=49'],
    [{ quota: 1 }, 'missing', '--quota-code L-36FBB829 --desired-value 100'],
    [{ quota: 0 }, 'missing', 'service-quotas'],
    [{ quota: undefined }, 'unknown', 'console'],
    [{ quota: 0, capacity: 'onDemand' }, 'ok', undefined],
    [{ quota: 0, capacity: 'spotOnly' }, 'missing', 'L-36FBB829'],
    [{ quota: 0, kind: 'on-demand', capacity: 'spotOnly' }, 'ok', undefined],
    [{ quota: 0, kind: 'on-demand' }, 'missing', 'L-3032A538'],
  ])('vCPUs %j for 50 tasks are %s', (changes, status, fix) => {
    const found = judgeVcpus({ kind: 'Spot', quota: 100, capacity: 'spotFirst', maxTasks: 50, ...changes });
    expect(found.status).toBe(status);
    expect(found.fix ?? '').toContain(fix ?? '');
    expect(found.fix === undefined).toBe(fix === undefined);
  });

  it.each<[VpcFacts['mode'], VpcFacts['limit'], VpcFacts['vpcs'], string]>([
    ['publicSubnet', 2, [{ vpcId: 'a' }], 'ok'],
    ['publicSubnet', 1, [{ vpcId: 'a' }], 'missing'],
    ['publicSubnet', 1, [{ vpcId: 'a', stackName: 'Other' }], 'missing'],
    ['publicSubnet', 1, [{ vpcId: 'a', stackName: 'Spotreel' }], 'ok'],
    ['privateEndpoints', 1, [{ vpcId: 'a' }], 'missing'],
    ['perJobNat', 1, [{ vpcId: 'a', stackName: 'Spotreel' }], 'missing'],
    ['existingVpc', 1, [{ vpcId: 'a' }], 'ok'],
    ['publicSubnet', undefined, [], 'unknown'],
  ])('in %s, a quota of %s VPCs with %j is %s', (...[mode, limit, vpcs, status]) => {
    expect(judgeVpcs({ mode, limit, vpcs }).status).toBe(status);
  });

  it.each([
    ['perJobNat', 5, 4, 'ok'],
    ['perJobNat', 5, 5, 'missing'],
    ['publicSubnet', 5, 5, 'ok'],
  ] as const)(
    'in %s, a quota of %s elastic addresses with %s in use is %s',
    (...[mode, limit, used, status]) => {
      expect(judgeAddresses({ mode, limit, used }).status).toBe(status);
    },
  );

  it('without the service-linked role says how to make it', () => {
    expect(judgeServiceLinkedRole(true).status).toBe('ok');
    expect(judgeServiceLinkedRole(false)).toMatchObject({
      status: 'missing',
      fix: expect.stringContaining('create-service-linked-role') as string,
    });
  });

  it.each([
    [undefined, 'hnb659fds', 'missing', 'npx cdk bootstrap'],
    [String(NEEDED_VERSION - 1), 'mine', 'missing', 'npx cdk bootstrap --qualifier mine'],
    [String(NEEDED_VERSION), 'hnb659fds', 'ok', undefined],
    // As a number: as text, 10 would come before 6.
    ['10', 'hnb659fds', 'ok', undefined],
  ])('bootstrap version %s of %s is %s', (...[version, qualifier, status, fix]) => {
    const { status: found, fix: said } = judgeBootstrap({ version, qualifier, needed: NEEDED_VERSION });
    expect([found, said]).toEqual([status, fix]);
  });
});

describe('judgements of this machine', () => {
  it.each([
    ['18.20.4', 'missing'],
    ['20.18.0', 'missing'],
    ['20.19.0', 'warning'],
    ['22.0.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('Node %s is %s', (version, status) => {
    expect(judgeNode(version).status).toBe(status);
  });

  it.each([
    ['x86_64', 'x64', false, 'ok'],
    ['arm64', 'arm64', false, 'ok'],
    ['arm64', 'x64', true, 'warning'],
    ['arm64', 'x64', false, 'missing'],
    ['x86_64', 'riscv64', false, 'missing'],
  ] as const)('an image of %s built on %s (emulation: %s) is %s', (...[wanted, arch, canEmulate, status]) => {
    const finding = judgeArchitecture({ wanted, arch, canEmulate });
    expect(finding.status).toBe(status);
    if (wanted === 'arm64' && status === 'missing')
      expect(finding.fix).toBe(
        'Deploy with -c spotreel:architecture=x86_64. Or: Install emulation: docker run --privileged --rm tonistiigi/binfmt --install arm64.',
      );
  });

  it.each([
    [{ client: 'Docker version 28', info: 'x', hasPodman: false }, 'ok', undefined],
    [{ client: undefined, info: undefined, hasPodman: true }, 'missing', 'CDK_DOCKER=podman. Or install'],
    [{ client: undefined, info: undefined, hasPodman: false }, 'missing', 'Install Docker'],
    [{ client: 'Docker version 28', info: undefined, hasPodman: false }, 'missing', 'Start it'],
  ])('an image builder of %j is %s', (facts, status, fix) => {
    const finding = judgeBuilder({ program: 'docker', ...facts });
    expect(finding.status).toBe(status);
    expect(finding.fix ?? '').toContain(fix ?? '');
  });

  const ffprobe = 'ffprobe version 7.1.1 Copyright';
  it.each([
    ['ok', encodersText(), ffprobe, true, '7.1.1, with all'],
    [
      'warning',
      encodersText(ENCODERS.filter(name => name !== 'libsvtav1')),
      ffprobe,
      true,
      'without libsvtav1',
    ],
    ['missing', undefined, ffprobe, true, 'there is no ffmpeg here'],
    ['missing', undefined, undefined, true, 'there is no ffmpeg and no ffprobe here'],
    // The worker's image brings its own.
    ['warning', undefined, undefined, false, 'there is no ffmpeg and no ffprobe here'],
  ])('ffmpeg is %s (%#)', (...[status, encoders, probe, isForLocal, found]) => {
    const finding = judgeFfmpeg({ encoders, ffprobe: probe, isForLocal });
    expect(finding.status).toBe(status);
    expect(finding.found).toContain(found);
  });
});
