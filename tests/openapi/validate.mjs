// validate.mjs - asks two public validators whether each document is OpenAPI.
//
//     node validate.mjs DOCUMENT...      (with node_modules beside it)
//
// Prints a line for each document; the exit code is 1 when either validator refuses one.
import { readFileSync } from 'node:fs';
import SwaggerParser from '@apidevtools/swagger-parser';
import { Validator } from '@seriousme/openapi-schema-validator';

for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, 'utf8');
  const schema = await new Validator().validate(JSON.parse(text));
  let words = schema.valid ? 'valid' : JSON.stringify(schema.errors, null, 1);
  try {
    await SwaggerParser.validate(JSON.parse(text));
  } catch (error) {
    words = String(error);
  }
  console.log(`${path}: ${words}`);
  if (words !== 'valid') process.exitCode = 1;
}
