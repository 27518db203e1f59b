import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface QueueWithDlqProps {
  /** Seconds that a received message stays hidden. At least six times the timeout of the function that reads it. */
  readonly visibilitySeconds: number;
  /** Receptions after which a message is dead. */
  readonly maxReceiveCount: number;
  /** Dead letters of another queue with messages of the same kind, to be looked at together. Default: its own. */
  readonly deadLetters?: Queue;
}

/** A queue and the one beside it that keeps what could not be handled; always made together. */
export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDlqProps) {
    super(scope, id);
    this.deadLetters = props.deadLetters ?? deadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(props.visibilitySeconds),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount },
    });
  }
}

/** AWS's rule for queues that a function reads: six times its timeout, or messages come again while they are being handled. */
export function visibilityFor(timeoutSeconds: number): number {
  return 6 * timeoutSeconds;
}

/** A queue for dead messages, which keeps them as long as SQS can: a message's age counts from its first queue on. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
}
