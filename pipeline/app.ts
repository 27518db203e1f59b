import type { Environment } from 'aws-cdk-lib';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { configFromContext, resolveConfig } from './config';
import { ConfigError } from './config-error';
import { needsLookup } from './network/network-config';
import { SpotreelStack } from './spotreel-stack';
import { workerImage } from './worker-image';

/**
 * `npx cdk deploy` begins here. Without account and region, so that it can be synthesized anywhere, unless something
 * of the account has to be looked up.
 */
function main(): void {
  const app = new App();
  const config = configFromContext(app.node);
  new SpotreelStack(app, 'Spotreel', {
    config,
    workerImage: workerImage(config),
    ...(needsLookup(resolveConfig(config).network) ? { stackProps: { env: accountAtHand() } } : {}),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

/** The account that the credentials at hand belong to, as the `cdk` command tells it. */
function accountAtHand(): Environment {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // Whoever mistyped an option needs to see what to change, not where in the code that was noticed.
  console.error(error.message);
  process.exitCode = 1;
}
