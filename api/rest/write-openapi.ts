/** Prints the OpenAPI document, for the linter and for people without a running server. */
import { openApiDocument } from './openapi.js';
import { ROUTES } from './routes.js';

process.stdout.write(`${JSON.stringify(openApiDocument(ROUTES), null, 2)}\n`);
