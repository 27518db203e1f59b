// Runs one Lambda function in a process of its own and takes invocations over the channel to the local cloud.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Without the cloud there is nobody to work for: however it ended, nothing may be left behind.
process.on('disconnect', () => process.exit(0));

const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'];

async function loadHandler() {
  const [moduleName, exportName] = process.env['_HANDLER'].split('.');
  const candidates = ['.mjs', '.cjs', '.js'].map(ending =>
    join(process.env['LAMBDA_TASK_ROOT'], moduleName + ending),
  );
  const path = candidates.find(candidate => existsSync(candidate));
  if (!path) throw new Error(`Cannot find the module of the handler: ${candidates.join(', ')}`);
  const loaded = await import(pathToFileURL(path).href);
  const handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handler !== 'function') throw new Error(`${path} exports no function named ${exportName}`);
  return handler;
}

function contextOf({ requestId, functionArn, deadline }) {
  const memory = process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'];
  return {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: memory,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function describe(error) {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, stack: error.stack }
    : { errorType: 'Error', errorMessage: String(error) };
}

async function invoke(handler, message) {
  try {
    const payload = await handler(message.event, contextOf(message));
    process.send({ kind: 'succeeded', payload: payload ?? null });
  } catch (error) {
    const described = describe(error);
    console.error(described.stack ?? described.errorMessage);
    process.send({ kind: 'failed', ...described });
  }
}

try {
  const handler = await loadHandler();
  process.on('message', message => void invoke(handler, message));
  process.send({ kind: 'ready' });
} catch (error) {
  const described = describe(error);
  console.error(described.stack ?? described.errorMessage);
  process.send({ kind: 'unusable', ...described }, () => process.exit(1));
}
