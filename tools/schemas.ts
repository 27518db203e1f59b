import { z } from 'zod';
import { jobRecordSchema } from '../core/job';
import { manifestSchema } from '../core/manifest';
import { orderSchema } from '../core/order';
import { presetFileSchema } from '../core/preset-bases';
import { reportSchema } from '../core/report';

/** The JSON Schemas that stand in presets/schema/, by file name, as text. */
export function makeSchemaFiles(): ReadonlyMap<string, string> {
  const schemas = {
    preset: presetFileSchema,
    manifest: manifestSchema,
    job: jobRecordSchema,
    order: orderSchema,
    report: reportSchema,
  };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      // What users write: fields with a default may be left out.
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  );
}
