import type { JobRecord } from '../../core/job';
import type { NetworkMessage } from '../../core/nat-network-message';
import type { Settings } from '../../core/settings';
import type { StackOutcome, StackRequest } from '../../core/stack-request';
import { ec2Networks } from '../../handlers/adapters/ec2-networks';
import type { NetworkCloud, NetworkPlace } from '../../handlers/cloud';
import { carryOut } from '../../handlers/job-steps';
import { networkHandler } from '../../handlers/network';
import { stackHandler } from '../../handlers/network-close';
import type { WorldOptions } from '../../local/ec2/world';
import { World } from '../../local/ec2/world';
import { START, acceptedJob } from './builders';
import { sqsEvent } from './events';
import { memoryCloud } from './memory-cloud';
import type { MemoryCloud } from './memory-cloud';
import { memoryEc2 } from './memory-ec2';
import { memoryNetworks } from './memory-networks';

/** What goes wrong with one call of EC2. */
export type Fault =
  /** It has no effect, and the caller gets an error that says nothing. */
  | 'refused'
  /** It has taken effect, and the caller gets an error all the same. */
  | 'answerLost'
  /** It has taken effect, and the calling process is no more. */
  | 'crash';

export interface NetworkRunOptions extends Pick<WorldOptions, 'lagSeconds' | 'limits' | 'natFailure'> {
  readonly settings?: Partial<Settings>;
  /** Seconds that a task runs. Default 60. */
  readonly taskSeconds?: number;
  /** Seconds that a task's network interface lingers. Default 300. */
  readonly lingerSeconds?: number;
  /** Asked before each EC2 call, by its number. */
  readonly fault?: (call: { number: number; name: string }) => Fault | undefined;
}

interface Message {
  readonly body: NetworkMessage;
  readonly dueAt: number;
  readonly receives: number;
}

interface RunningTask {
  readonly jobId: string;
  readonly networkId: string;
  readonly subnetId: string;
  readonly securityGroupId: string;
  readonly endsAt: number;
}

const SWEEP_SECONDS = 300;
const MOST_RECEIVES = 5;

/** The network stage with its queue, EC2, tasks and sweeps on a clock of its own. */
export class NetworkRun {
  readonly cloud: MemoryCloud;
  readonly world: World;
  readonly networks;
  /** Names of all EC2 calls so far. */
  readonly calls: string[] = [];
  /** Ids of all that EC2 has ever made. */
  readonly made = new Set<string>();
  readonly dead: NetworkMessage[] = [];
  /** What CloudFormation was told. */
  readonly answers: StackOutcome[] = [];
  readonly tasks = new Map<string, RunningTask>();
  readonly #options: NetworkRunOptions;
  readonly #stage: NetworkCloud;
  #messages: Message[] = [];
  #isDead = false;
  #nextSweep = START.getTime() + SWEEP_SECONDS * 1000;

  constructor(options: NetworkRunOptions = {}) {
    this.#options = options;
    this.cloud = memoryCloud(options.settings);
    this.world = new World({
      now: () => this.cloud.state.now,
      region: 'us-east-1',
      natSeconds: { toMake: 100, toDelete: 60 },
      interfaces: () => this.#interfaces(),
      onChange: all => all.forEach(({ id }) => this.made.add(id)),
      ...options,
    });
    this.networks = memoryNetworks(() => this.#requireAlive());
    this.#stage = this.#makeStage();
  }

  get now(): number {
    return this.cloud.state.now.getTime();
  }

  /** Ids of everything that EC2 bills or keeps. */
  get left(): string[] {
    const kinds = [
      'vpc',
      'subnet',
      'internet-gateway',
      'route-table',
      'security-group',
      'natgateway',
      'elastic-ip',
      'vpc-endpoint',
    ] as const;
    return kinds.flatMap(kind => this.world.existing(kind).map(({ id }) => id));
  }

  job(jobId: string): JobRecord {
    const record = this.cloud.state.records.get(jobId);
    if (record === undefined) throw new Error(`There is no job ${jobId}`);
    return record.job;
  }

  /** A job as intake leaves it. */
  async accept(jobId: string): Promise<void> {
    const job = { ...acceptedJob({ settings: this.cloud.settings }), jobId };
    await this.cloud.jobs.markOpen(jobId);
    const stored = await this.cloud.jobs.create(job);
    if (stored === undefined) throw new Error(`There is a job ${jobId}`);
    await carryOut({ ...this.cloud, networkRequests: this.#stage.networkRequests }, stored);
  }

  async ask(message: NetworkMessage): Promise<void> {
    await this.#stage.networkRequests.ask(message);
  }

  /** CloudFormation makes the stage, or removes it. */
  async askOfStack(RequestType: StackRequest['RequestType']): Promise<void> {
    const named = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Networks' };
    await stackHandler(this.#stage)({ RequestType, ResponseURL: 'https://cfn.example/?signed', ...named });
  }

  /** Lets time pass until CloudFormation has its answer; not longer than that. */
  async passUntilAnswered(maxSeconds: number): Promise<void> {
    const until = this.now + maxSeconds * 1000;
    do await this.pass(15);
    while (this.now < until && this.answers.length === 0);
  }

  end(jobId: string): void {
    const stored = this.job(jobId);
    const pending: JobRecord['pending'] = [];
    this.cloud.state.records.set(jobId, { job: { ...stored, status: 'done', pending }, version: this.now });
    this.cloud.state.open.delete(jobId);
  }

  /** Lets time pass, with all that is due in it. */
  async pass(seconds: number): Promise<void> {
    const until = this.now + seconds * 1000;
    for (;;) {
      const next = Math.min(
        this.#nextSweep,
        this.#nextTaskEnd(),
        ...this.#messages.map(({ dueAt }) => dueAt),
      );
      if (next > until) break;
      this.cloud.state.now = new Date(Math.max(next, this.now));
      this.#endTasks();
      if (this.now >= this.#nextSweep) await this.#sweep();
      await this.#deliver();
    }
    this.cloud.state.now = new Date(until);
  }

  /** Lets time pass until every job has ended and no network is left; not longer than that. */
  async passUntilGone(maxSeconds: number): Promise<void> {
    const until = this.now + maxSeconds * 1000;
    do await this.pass(60);
    while (this.now < until && (this.cloud.state.open.size > 0 || this.networks.openIds.size > 0));
  }

  /** Loses every message that waits. */
  loseMessages(): void {
    this.#messages = [];
  }

  #makeStage(): NetworkCloud {
    const guarded = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown => {
            this.#requireAlive();
            return Reflect.apply(member, target, args);
          };
        },
      });
    const { cloud } = this;
    return {
      ...cloud,
      jobs: guarded(cloud.jobs),
      orders: guarded(cloud.orders),
      work: guarded(cloud.work),
      tasks: guarded({
        ...cloud.tasks,
        start: async (job: JobRecord, launch: { launch: number }, place?: NetworkPlace) =>
          this.#startTask(`${job.jobId}-${launch.launch}`, job.jobId, place),
        stop: async (taskArn: string) => this.#stopTask(taskArn),
      }),
      source: { hide: async () => undefined, hold: async () => undefined },
      answerStack: async (_, outcome) => {
        this.#requireAlive();
        this.answers.push(outcome);
      },
      networks: this.networks,
      networkRequests: {
        ask: async (body, delaySeconds = 0) => {
          this.#requireAlive();
          this.#messages.push({ body, dueAt: this.now + delaySeconds * 1000, receives: 0 });
        },
      },
      ec2: ec2Networks({
        ec2: memoryEc2(this.world, (name, effect) => this.#call(name, effect)),
        region: 'us-east-1',
        deployment: 'Spotreel',
        zones: ['us-east-1a', 'us-east-1b'],
      }),
    };
  }

  #call(name: string, effect: () => object): object {
    this.#requireAlive();
    const fault = this.#options.fault?.({ number: this.calls.length, name });
    this.calls.push(name);
    if (fault === 'refused') throw Object.assign(new Error('Try again'), { name: 'InternalError' });
    const answer = effect();
    if (fault === 'answerLost') throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    if (fault === 'crash') {
      this.#isDead = true;
      this.#requireAlive();
    }
    return answer;
  }

  #requireAlive(): void {
    if (this.#isDead) throw new Error('the process is no more');
  }

  #startTask(id: string, jobId: string, place: NetworkPlace | undefined) {
    if (place === undefined) throw new Error('A task was started without a network');
    const taskArn = `arn:aws:ecs:us-east-1:000000000000:task/cluster/${id}`;
    const { networkId, securityGroupId, subnetIds } = place;
    this.world.require('subnet', subnetIds[0]);
    if (!this.tasks.has(taskArn)) {
      const endsAt = this.now + (this.#options.taskSeconds ?? 60) * 1000;
      this.tasks.set(taskArn, { jobId, networkId, securityGroupId, subnetId: subnetIds[0] ?? '', endsAt });
      const createdAt = this.cloud.state.now;
      this.cloud.state.tasks.set(taskArn, { kind: 'live', taskArn, startedBy: jobId, createdAt, networkId });
    }
    return { kind: 'started', taskArn, capacityProvider: 'FARGATE_SPOT' } as const;
  }

  #stopTask(taskArn: string): void {
    const task = this.tasks.get(taskArn);
    if (task === undefined) throw new Error(`There is no task ${taskArn}`);
    this.tasks.set(taskArn, { ...task, endsAt: this.now });
    this.cloud.state.tasks.set(taskArn, { kind: 'stopped', task: { taskArn, exitCode: 143 } });
  }

  #interfaces() {
    const lingerMs = (this.#options.lingerSeconds ?? 300) * 1000;
    return [...this.tasks.values()]
      .filter(({ endsAt }) => this.now < endsAt + lingerMs)
      .map(({ subnetId, securityGroupId }) => ({
        ...{ subnetId, securityGroupIds: [securityGroupId] },
        ...{ networkInterfaceId: 'eni-1', macAddress: '02:00:00:00:00:01', privateIpv4Address: '10.0.64.4' },
      }));
  }

  #nextTaskEnd(): number {
    return Math.min(
      Infinity,
      ...[...this.tasks]
        .filter(([arn]) => this.cloud.state.tasks.get(arn)?.kind === 'live')
        .map(([, task]) => task.endsAt),
    );
  }

  #endTasks(): void {
    for (const [taskArn, { endsAt, jobId }] of this.tasks) {
      if (this.now < endsAt || this.cloud.state.tasks.get(taskArn)?.kind !== 'live') continue;
      this.cloud.state.tasks.set(taskArn, { kind: 'stopped', task: { taskArn, exitCode: 0 } });
      this.end(jobId);
    }
  }

  /** What the sweep does for networks, and for jobs whose pending work was not done. */
  async #sweep(): Promise<void> {
    this.#nextSweep += SWEEP_SECONDS * 1000;
    await this.ask({ kind: 'sweep' });
    for (const jobId of this.cloud.state.open) {
      if (this.job(jobId).pending.some(({ kind }) => kind === 'launchTask'))
        await this.ask({ kind: 'want', jobId });
    }
  }

  async #deliver(): Promise<void> {
    const due = this.#messages.filter(({ dueAt }) => dueAt <= this.now);
    this.#messages = this.#messages.filter(message => !due.includes(message));
    for (const message of due) {
      this.#isDead = false;
      const { batchItemFailures } = await networkHandler(this.#stage)(sqsEvent(message.body));
      this.#isDead = false;
      if (batchItemFailures.length > 0) this.#retry(message);
    }
  }

  #retry({ body, receives }: Message): void {
    if (receives + 1 >= MOST_RECEIVES) this.dead.push(body);
    else this.#messages.push({ body, receives: receives + 1, dueAt: this.now + 5000 * 2 ** receives });
  }
}
