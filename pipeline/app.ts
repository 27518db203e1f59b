import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ConfigError, configFromContext } from './config';
import { SpotreelStack } from './spotreel-stack';
import { workerImage } from './worker-image';

/** `npx cdk deploy` begins here. Without account and region, so that it can be synthesized anywhere. */
function main(): void {
  const app = new App();
  const config = configFromContext(app.node);
  new SpotreelStack(app, 'Spotreel', { config, workerImage: workerImage(config) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // Whoever mistyped an option needs to see what to change, not where in the code that was noticed.
  console.error(error.message);
  process.exitCode = 1;
}
