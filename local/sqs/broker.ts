import type { QueueModel } from '../template';
import { noSuchQueue, SqsError } from './errors';

/** Input or output of an SQS operation, as its JSON protocol has it. */
export type SqsMembers = Readonly<Record<string, unknown>>;

interface ErrorBody {
  readonly __type?: string;
  readonly message?: string;
}

/** Queues in memory, by fauxqs. It is called in this process and listens on no port of its own. */
export interface Broker {
  /** Carries out an operation on a queue by its name; throws SqsError as SQS would answer it. */
  call(operation: { action: string; queueName: string; input: SqsMembers }): Promise<SqsMembers>;
  close(): Promise<void>;
}

/** What is used of the server that fauxqs builds. */
interface Application {
  inject(request: {
    method: 'POST';
    url: string;
    headers: Record<string, string>;
    payload: string;
  }): Promise<{ statusCode: number; headers: Record<string, unknown>; body: string }>;
  close(): Promise<void>;
}

export async function startBroker(queues: readonly QueueModel[]): Promise<Broker> {
  // fauxqs is an ES module, and this is none.
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false }) as Application;
  const inject = async (action: string, input: SqsMembers): Promise<SqsMembers> => {
    const response = await app.inject({
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
      payload: JSON.stringify(input),
    });
    const body = JSON.parse(response.body || '{}') as unknown;
    if (response.statusCode === 200) return body as SqsMembers;
    throw toError(body as ErrorBody, response.headers['x-amzn-query-error']);
  };
  const urls = new Map<string, unknown>();
  for (const { name, attributes } of queues) {
    const { QueueUrl } = await inject('CreateQueue', { QueueName: name, Attributes: attributes });
    urls.set(name, QueueUrl);
  }
  return {
    call: async ({ action, queueName, input }) => {
      const QueueUrl = urls.get(queueName);
      if (QueueUrl === undefined) throw noSuchQueue();
      return inject(action, { ...input, QueueUrl });
    },
    close: () => app.close(),
  };
}

function toError(body: ErrorBody, queryError: unknown): SqsError {
  const code = body.__type?.replace(/^.*#/, '') ?? 'InternalFailure';
  const queryCode = typeof queryError === 'string' ? queryError.split(';')[0] : undefined;
  return new SqsError(code, body.message ?? 'The request could not be handled.', queryCode);
}
