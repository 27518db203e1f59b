import { createHash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { PAGE, PAGE_SCRIPT, PAGE_STYLE } from './page';
import type { StatusReport } from './worker-status';

export interface StatusServer {
  close(): Promise<void>;
}

export interface StatusServerOptions {
  /** Address of the task itself: it is reached by no other. */
  readonly host: string;
  readonly port: number;
  readonly report: () => StatusReport;
}

/** A page looks once a second; more than this at one time is not people looking. */
const MAX_CONNECTIONS = 32;
const REQUEST_TIMEOUT_MS = 5000;

/** Serves what the worker does: a page on `/`, and its data on `/status.json`. Rejects when the port can't be had. */
export async function serveStatus(options: StatusServerOptions): Promise<StatusServer> {
  const server = createServer((request, response) => answer(options.report, request, response));
  server.maxConnections = MAX_CONNECTIONS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host: options.host, port: options.port }, resolve);
  });
  // Whoever looks must not keep the worker, which is billed, from its end.
  server.unref();
  return { close: () => close(server) };
}

function answer(report: () => StatusReport, request: IncomingMessage, response: ServerResponse): void {
  const { method = '', url = '/' } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const path = url.replace(/\?.*$/, '');
  if (path === '/') send(response, { type: 'text/html; charset=utf-8', body: PAGE });
  else if (path === '/status.json')
    send(response, { type: 'application/json', body: JSON.stringify(report()) });
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('There are / and /status.json.\n');
}

function send(response: ServerResponse, { type, body }: { type: string; body: string }): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}

/** The page's own style and script, its data, and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(PAGE_STYLE)}`,
  `script-src ${hashOf(PAGE_SCRIPT)}`,
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
