import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { messageOf } from './local-cloud-error';
import type { CloudControl } from './cloud-control';
import { readBody } from './read-body';

const PREFIX = '/_spotreel/';
const MAX_BODY_BYTES = 64 * 1024;

const reclaimInput = z.strictObject({ taskId: z.string().optional() });
const killInput = z.strictObject({ taskId: z.string() });
const scheduleInput = z.strictObject({ rule: z.string().optional() });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function isControlRequest(request: IncomingMessage): boolean {
  return request.url?.startsWith(PREFIX) ?? false;
}

/** Answers a request to look into the cloud or to make something happen in it. */
export async function answerControl(
  control: CloudControl,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { status, body } = await perform(control, request).catch((error: unknown) => ({
    status: 400,
    body: { error: error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error) },
  }));
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function perform(control: CloudControl, request: IncomingMessage): Promise<Answer> {
  // A page in a browser can set no such header without asking, nor can it be here under a name of its own.
  if (request.headers['x-spotreel-control'] !== '1' || !isLocalHost(request.headers.host)) {
    return {
      status: 403,
      body: { error: 'Send the header x-spotreel-control: 1 to 127.0.0.1 or localhost.' },
    };
  }
  const body = await readBody(request, MAX_BODY_BYTES);
  const input: unknown = JSON.parse(body?.toString('utf8') || '{}');
  const call = `${request.method} ${request.url?.slice(PREFIX.length).replace(/\?.*$/, '')}`;
  switch (call) {
    case 'GET state':
      return { status: 200, body: await control.state() };
    case 'POST reclaim':
      return { status: 200, body: { reclaimed: await control.reclaim(reclaimInput.parse(input).taskId) } };
    case 'POST kill':
      await control.kill(killInput.parse(input).taskId);
      return { status: 200, body: {} };
    case 'POST schedule':
      return { status: 200, body: { fired: await control.schedule(scheduleInput.parse(input).rule) } };
    default:
      return {
        status: 404,
        body: { error: `There is no ${call}; see GET state, POST reclaim, kill, schedule.` },
      };
  }
}

function isLocalHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');
}
