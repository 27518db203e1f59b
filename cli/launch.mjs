#!/usr/bin/env node
// Lets plain Node run the command, which is written in TypeScript.
import { createRequire } from 'node:module';

try {
  await import('tsx');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write('The npm packages are not there yet. Run: npm run setup\n');
  process.exit(1);
}
const { main } = createRequire(import.meta.url)('./spotreel.ts');
process.exitCode = await main(process.argv.slice(2), {
  write: text => process.stdout.write(text),
  error: text => process.stderr.write(text),
});
