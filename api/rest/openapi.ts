/** The OpenAPI 3.1 document, made from the routes themselves. Needs no database. */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { ResponseConfig, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { WEBHOOKS, taken } from '../webhooks/documents.js';
import type { WebhookDocument } from '../webhooks/documents.js';
import { INTRODUCTION, TAGS } from './openapi-texts.js';
import { PREFIX } from './paths.js';
import { policyInputDocument } from './policy-schemas.js';
import type { ProblemCode } from './problem-kinds.js';
import { PROBLEMS } from './problem-kinds.js';
import { problemSchema } from './problems.js';
import type { RawBody, Route } from './route.js';
import { z } from './zod.js';

const VERSION = '1.0.0';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiToken', {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API token of one headquarters, or of the vendor (`n119_…`), made by the operator, shown once, revocable at once.',
  });
  registry.register('PolicyInput', policyInputDocument);
  for (const route of routes) registry.registerPath(operationOf(route));
  for (const webhook of WEBHOOKS) registry.registerPath(webhookOf(webhook));
  for (const probe of PROBES) registry.registerPath(probe);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'NET119 renewal and reachability keeper',
      version: VERSION,
      description: INTRODUCTION,
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: TAGS,
  });
}

function operationOf(route: Route): RouteConfig {
  const own = route.scope === null ? [] : [`Scope: \`${route.scope}\`.`];
  const vendor = route.vendorScope === null ? [] : [`A token of the vendor: \`${route.vendorScope}\`.`];
  const scope = [...own, ...vendor].join(' ');
  return {
    method: route.method,
    path: `${PREFIX}${route.path}`,
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: route.description ? `${route.description}\n\n${scope}` : scope,
    security: [{ apiToken: [] }],
    request: {
      ...(hasFields(route.params) ? { params: route.params } : {}),
      ...(hasFields(route.query) ? { query: route.query } : {}),
      ...(route.ifMatch || route.idempotencyKey || hasFields(route.headers)
        ? { headers: headersOf(route) }
        : {}),
      ...(route.body ? { body: bodyOf(route, route.body) } : {}),
      ...(route.rawBody ? { body: rawBodyOf(route.rawBody) } : {}),
    },
    responses: { ...answersOf(route), ...problemsOf(problemCodesOf(route)) },
  };
}

function hasFields(shape: z.ZodObject): boolean {
  return Object.keys(shape.shape).length > 0;
}

function bodyOf(route: Route, schema: z.ZodObject) {
  const content = Object.fromEntries(
    ['application/json', ...route.bodyTypes].map((type) => [type, { schema }]),
  );
  return { required: !schema.safeParse({}).success, content };
}

function rawBodyOf({ type, description }: RawBody) {
  return { required: true, description, content: { [type]: { schema: z.string() } } };
}

function headersOf(route: Route): z.ZodObject {
  return z.object({
    ...route.headers.shape,
    ...(route.ifMatch
      ? { 'If-Match': z.string().openapi({ description: 'The ETag that was read.', example: '"1"' }) }
      : {}),
    ...(route.idempotencyKey
      ? {
          'Idempotency-Key': z
            .string()
            .regex(/^[\x21-\x7e]{1,200}$/)
            .optional()
            .openapi({
              description:
                '1 to 200 visible ASCII characters. A repeat within 24 hours gets the first answer and does nothing.',
              example: 'b7c1a6de-19e5-4b0e-9c55-0a3a6d2d8f11',
            }),
        }
      : {}),
  });
}

const HEADERS = {
  ETag: { description: 'The version, for If-Match.', schema: { type: 'string' as const, example: '"1"' } },
  Location: {
    description: 'Where it can be read.',
    schema: { type: 'string' as const, example: `${PREFIX}/accounts/…` },
  },
};

function answersOf(route: Route): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(route.answers).map(([code, { description, schema, headers }]) => [
      code,
      {
        description,
        ...(headers ? { headers: Object.fromEntries(headers.map((name) => [name, HEADERS[name]])) } : {}),
        ...(schema ? { content: { 'application/json': { schema } } } : {}),
      },
    ]),
  );
}

/** What a call of this kind may meet, besides what it declares itself. */
function problemCodesOf(route: Route): ProblemCode[] {
  return [
    'malformed-request',
    'unauthenticated',
    'forbidden',
    ...(hasFields(route.params) ? (['not-found'] as const) : []),
    ...(route.body ? (['body-too-large', 'unsupported-media-type', 'validation'] as const) : []),
    ...(route.rawBody ? (['body-too-large', 'unsupported-media-type'] as const) : []),
    ...(route.ifMatch ? (['version-conflict', 'precondition-required'] as const) : []),
    ...(route.idempotencyKey ? (['idempotency-key-reused'] as const) : []),
    ...route.problems,
    'internal',
    'unavailable',
  ];
}

function problemsOf(codes: readonly ProblemCode[]): Record<string, ResponseConfig> {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      problemResponse(codes.filter((code) => PROBLEMS[code].status === status)),
    ]),
  );
}

function problemResponse(kinds: readonly ProblemCode[]): ResponseConfig {
  return {
    description: kinds.map((kind) => `\`/problems/${kind}\`: ${PROBLEMS[kind].title}.`).join('\n\n'),
    content: {
      'application/problem+json': {
        schema: problemSchema,
        examples: Object.fromEntries(kinds.map((kind) => [kind, { value: exampleOf(kind) }])),
      },
    },
  };
}

function exampleOf(code: ProblemCode): z.infer<typeof problemSchema> {
  const { status, title, help } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: help,
    requestId: '0d3f7c9e-6f0c-4a53-8f5d-2f1b8f6a4c21',
    ...(code === 'validation'
      ? { errors: [{ field: 'mailAddress', code: 'required', message: 'mailAddress must be given.' }] }
      : {}),
  };
}

function webhookOf({ path, headers, bodyTypes, body, problems, ...words }: WebhookDocument): RouteConfig {
  return {
    ...words,
    method: 'post',
    path: `${PREFIX}${path}`,
    tags: ['Reports'],
    // Proven by the signature of the service.
    security: [],
    request: {
      ...(headers ? { headers } : {}),
      body: {
        required: true,
        content: Object.fromEntries(bodyTypes.map((type) => [type, { schema: body }])),
      },
    },
    responses: {
      200: { description: 'Taken.', content: { 'application/json': { schema: taken } } },
      ...problemsOf(problems),
    },
  };
}

const PROBES: readonly RouteConfig[] = [
  probe('/livez', 'The process answers', '200'),
  probe('/readyz', 'The database can be reached (Temporal is not asked)', '200', '503'),
];

function probe(path: string, summary: string, ...codes: string[]): RouteConfig {
  const plain = { 'text/plain': { schema: z.string() } };
  return {
    method: 'get',
    path,
    operationId: path.slice(1),
    tags: ['Health'],
    summary,
    security: [],
    responses: {
      ...Object.fromEntries(
        codes.map((code) => [code, { description: code === '200' ? 'Yes.' : 'No.', content: plain }]),
      ),
      405: problemResponse(['method-not-allowed']),
    },
  };
}
