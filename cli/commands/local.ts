import { commandGroup } from '../command-group';
import { localKill } from '../local/kill';
import { localReclaim } from '../local/reclaim';
import { localState } from '../local/state';
import { localSweep } from '../local/sweep';

export const command = commandGroup({
  name: 'local',
  summary: 'Look into the running local cloud, and do to it what AWS or bad luck would.',
  commands: [localState, localReclaim, localKill, localSweep],
});
