import type { FunctionModel } from '../template';
import type { AccessKey } from '../types';

/** What every process that stands for something on AWS gets beside its own variables. */
export function hostEnvironment(options: { endpoint: string; region: string }): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: options.endpoint,
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    // The profiles of whoever runs the local cloud must not reach into it.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // The deployed runtimes are newer than what may run here, and the notice would stand in every log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** Environment of a function's process, with the names that Lambda itself sets. */
export function functionEnvironment(options: {
  model: FunctionModel;
  key: AccessKey;
  host: Readonly<Record<string, string>>;
  logStream: string;
}): Record<string, string> {
  const { model, key } = options;
  return {
    ...options.host,
    ...model.environment,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    ...(key.sessionToken !== undefined && { AWS_SESSION_TOKEN: key.sessionToken }),
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStream,
    LAMBDA_TASK_ROOT: model.codeDirectory,
    _HANDLER: model.handler,
  };
}
