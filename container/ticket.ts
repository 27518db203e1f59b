import { setTimeout as sleep } from 'node:timers/promises';
import type { TicketAnswer } from '../core/delivery';
import { ticketSchema } from '../core/order';
import { parseJson } from '../core/problem';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 300;
const TIMEOUT_MS = 10_000;

/**
 * Reads the ticket of an order.
 * @throws when S3 can't be reached or the ticket can't be understood
 */
export async function readTicket(ticketUrl: string, signal: AbortSignal): Promise<TicketAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(ticketUrl, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const text = await response.text();
      if (response.status === 404) return { kind: 'absent' };
      if (response.status === 400 || response.status === 401 || response.status === 403)
        return { kind: 'refused' };
      if (response.ok) return parseTicket(text);
      throw new Error(`S3 answered ${response.status}`);
    } catch (error) {
      if (attempt >= ATTEMPTS || signal.aborted)
        throw new Error('The ticket could not be read', { cause: error });
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}

function parseTicket(text: string): TicketAnswer {
  const parsed = parseJson(text, ticketSchema);
  if (parsed.kind === 'ok') return { kind: 'ticket', ticket: parsed.value };
  throw new Error(
    `The ticket is not understood: ${parsed.problems.map(({ pointer }) => pointer).join(', ')}`,
  );
}
