import type { LocalEcs } from '../ecs/service';
import type { ForeignInterface } from './world';

/** Seconds that a network interface stays after its task has stopped; on AWS, up to twenty minutes. */
const LINGER_SECONDS = 1;

/** The network interfaces of ECS's tasks, as EC2 sees them. */
export class TaskInterfaces {
  #ecs: Pick<LocalEcs, 'tasks'> | undefined;

  /** Says whose tasks; before, there are none. */
  of(ecs: Pick<LocalEcs, 'tasks'>): void {
    this.#ecs = ecs;
  }

  present(): ForeignInterface[] {
    const goneBefore = Date.now() - LINGER_SECONDS * 1000;
    return (this.#ecs?.tasks() ?? [])
      .filter(({ stoppedAt }) => stoppedAt === undefined || new Date(stoppedAt).getTime() > goneBefore)
      .map(({ networkInterface }) => networkInterface);
  }
}
