import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who signed a request: the person at the keyboard (root) or a role of the template. */
export interface Principal {
  readonly kind: 'root' | 'role';
  /** ARN of the account root or of the role. */
  readonly arn: string;
}

/** Credentials that the local cloud has handed out. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for roles; a request signed with the key must carry it. */
  readonly sessionToken?: string;
  /** After this the key signs nothing any more, and every URL it signed is dead. Absent: never. */
  readonly expiresAt?: Date;
  readonly principal: Principal;
}

export interface Keyring {
  find(accessKeyId: string): AccessKey | undefined;
}

/** One question to the policies: may this principal do this? */
export interface AccessRequest {
  readonly principal: Principal;
  /** IAM action, such as `s3:GetObject`. */
  readonly action: string;
  /** ARN of what is acted on. */
  readonly resource: string;
  /** IAM condition keys and their values, such as `ecs:cluster`. */
  readonly context?: Readonly<Record<string, string>>;
}

export type Authorize = (request: AccessRequest) => boolean;

/** A part of the local cloud that answers HTTP requests of AWS clients. */
export interface LocalService {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}
