import type { SQSEvent, SQSRecord } from 'aws-lambda';

export function sqsEvent(...bodies: unknown[]): SQSEvent {
  return {
    Records: bodies.map(
      (body, index) =>
        ({
          messageId: `message-${index}`,
          receiptHandle: `receipt-${index}`,
          attributes: { ApproximateReceiveCount: '2' },
          body: JSON.stringify(body),
        }) as SQSRecord,
    ),
  };
}

/** Body of an S3 event message, with the key as S3 writes it. */
export function s3Event(encodedKey: string): object {
  return {
    Records: [
      {
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AIDA' },
        s3: { bucket: { name: 'inbox' }, object: { key: encodedKey } },
      },
    ],
  };
}

export function taskStoppedEvent(task: {
  taskArn: string;
  startedBy: string;
  stopCode?: string;
  exitCode?: number;
}): object {
  return {
    'detail-type': 'ECS Task State Change',
    time: '2026-01-02T03:06:05Z',
    detail: {
      taskArn: task.taskArn,
      lastStatus: 'STOPPED',
      startedBy: task.startedBy,
      capacityProviderName: 'FARGATE_SPOT',
      cpu: '2048',
      memory: '4096',
      createdAt: '2026-01-02T03:04:05.000Z',
      pullStartedAt: '2026-01-02T03:04:10.000Z',
      stoppedAt: '2026-01-02T03:06:05.000Z',
      stopCode: task.stopCode ?? 'EssentialContainerExited',
      containers: [{ exitCode: task.exitCode ?? 0 }],
    },
  };
}
