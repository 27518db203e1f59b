import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { captionsBeside } from '../core/further-files';
import { classifyUpload, decodeEventKey } from '../core/upload-key';
import { eachMessage, holdBriefly } from './batch';
import type { Cloud } from './cloud';
import { takeInCaptions } from './late-captions';
import { takeIn } from './take-in';

const s3EventSchema = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        userIdentity: z.object({ principalId: z.string() }).optional(),
        s3: z.object({ object: z.object({ key: z.string() }) }),
      }),
    )
    // S3 sends a test event without records when a notification is configured.
    .default([]),
});

/** S3 events of the inbox, by way of the intake queue. */
export function intakeHandler(cloud: Cloud): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async event => {
    await holdBriefly(event, cloud);
    return eachMessage(event, cloud, async message => {
      const { Records } = s3EventSchema.parse(JSON.parse(message.body));
      for (const record of Records) {
        const key = decodeEventKey(record.s3.object.key);
        const uploadedBy = record.userIdentity?.principalId ?? 'unknown';
        const upload = classifyUpload(key);
        if (upload.kind === 'ignored') {
          cloud.log.info('Upload ignored', { key: record.s3.object.key, reason: upload.reason });
          continue;
        }
        if (upload.kind !== 'further') await takeIn(cloud, { videoKey: upload.videoKey, uploadedBy });
        else if (captionsBeside(key) !== undefined) await takeInCaptions(cloud, key);
        // Others may have waited for it.
        if (upload.kind !== 'manifest') {
          for await (const videoKey of cloud.jobs.wantedBy(key))
            if (videoKey !== key) await takeIn(cloud, { videoKey, uploadedBy });
        }
      }
    });
  };
}
