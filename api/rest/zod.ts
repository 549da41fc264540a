/** zod with `.openapi()`: schemas of the REST API are read by the validator and by the OpenAPI document alike. */
import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

extendZodWithOpenApi(z);

export { z };
