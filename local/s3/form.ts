import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { S3Error } from './errors';

const MAX_FIELD_BYTES = 20 * 1024;
const MAX_FIELDS = 200;

/** A browser's form up to its file, which is still to be read. */
export interface Form {
  /** By name in lower case. */
  fields: Map<string, string>;
  /** What the browser calls the file, without directories. */
  filename: string;
  file: AsyncIterable<Buffer>;
}

/**
 * Reads a form of type multipart/form-data and hands it to `use` when its file begins; what
 * follows the file is ignored, as S3 does. Rejects where the form breaks off, or has no file.
 */
export async function readForm<T>(request: IncomingMessage, use: (form: Form) => Promise<T>): Promise<T> {
  const parser = openParser(request);
  try {
    return await new Promise<T>((resolve, reject) => {
      const fields = new Map<string, string>();
      let used: Promise<T> | undefined;
      let refused = false;
      // The file may follow in the same packet: it must not be used although the form was refused.
      const refuse = (): void => {
        refused = true;
        reject(tooLarge());
      };
      parser.on('field', (name, value, info) => {
        if (info.valueTruncated || info.nameTruncated) refuse();
        if (!used) fields.set(name.toLowerCase(), value);
      });
      parser.on('fieldsLimit', refuse);
      parser.on('file', (name, stream, info) => {
        // A form that breaks off fails here, too, be the file read or not.
        stream.on('error', reject);
        if (used || refused || name !== 'file') {
          stream.resume();
          return;
        }
        used = use({ fields, filename: info.filename ?? '', file: bytesOf(stream) });
        used.then(resolve, reject);
      });
      parser.on('error', error => reject(malformed(String(error), error)));
      parser.on('close', () => {
        if (!used) reject(malformed('POST requires exactly one file upload per request.'));
      });
      request.once('error', error => parser.destroy(malformed('the form broke off', error)));
      request.pipe(parser);
    });
  } finally {
    request.unpipe(parser);
    // What comes behind the file is not wanted, but unread it would block the connection.
    request.resume();
  }
}

function openParser(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fieldSize: MAX_FIELD_BYTES, fields: MAX_FIELDS },
    });
  } catch (error) {
    throw malformed(String(error), error);
  }
}

function bytesOf(stream: Readable): AsyncIterable<Buffer> {
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

function tooLarge(): S3Error {
  return new S3Error(
    'MaxPostPreDataLengthExceeded',
    'Your POST request fields preceding the upload file were too large.',
  );
}

function malformed(reason: string, cause?: unknown): S3Error {
  return new S3Error(
    'MalformedPOSTRequest',
    `The body of your POST request is not well-formed multipart/form-data: ${reason}`,
    { cause },
  );
}
