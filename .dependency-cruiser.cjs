/**
 * The rooms and what each may import. A room's list is complete: what it does not name is refused.
 * Type-only imports count as well, unless a rule says otherwise: a type of the wrong room couples just the same.
 */
const ROOMS =
  'domain|usecases|store|mail|letters|workflows|activities|worker|operator|intake|api|platform|local|test';

const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

/** `room` may import itself and `allowed` (a pattern of paths) of our own code. */
const mayImport = (room, allowed) => ({
  name: `${room}-imports`,
  comment: `${room}/ imports only what its row in the table of rooms names`,
  severity: 'error',
  from: { path: `^(${room})/` },
  to: { path: `^(${ROOMS})/`, pathNot: [`^$1/`, ...(allowed ? [`^(${allowed})`] : [])] },
});

/** The npm package is used in `rooms` (a pattern of paths) and nowhere else outside local/ and test/. */
const onlyIn = (name, packagePattern, rooms) => ({
  name: `${name}-only-in-its-room`,
  comment: `${name} is used by ${rooms} only`,
  severity: 'error',
  from: { pathNot: `^(local|test|${rooms})(/|\\.ts$|$)` },
  to: { path: `^node_modules/(@types/)?(${packagePattern})/` },
});

module.exports = {
  forbidden: [
    mayImport('domain'),
    mayImport('platform'),
    mayImport('store', 'domain/|platform/'),
    mayImport('mail', 'domain/|platform/'),
    mayImport('letters', 'domain/|platform/|mail/compose'),
    mayImport('usecases', 'domain/|store/|mail/|platform/(?!temporal)'),
    mayImport('workflows', 'domain/|activities/'),
    mayImport('activities', 'usecases/|domain/|platform/'),
    mayImport('api', 'usecases/|domain/|platform/|store/|mail/compose|letters/|workflows/messages'),
    mayImport('worker', 'activities/|workflows/|usecases/|store/|mail/|platform/'),
    mayImport('operator', 'usecases/|domain/|store/|mail/|platform/|workflows/messages'),
    mayImport('intake', 'usecases/|domain/|store/|mail/|platform/'),
    {
      name: 'domain-is-pure',
      comment: 'no Node, no npm; only the calendar stands on temporal-polyfill',
      severity: 'error',
      from: { path: '^domain/' },
      to: { dependencyTypes: ['core', ...NPM], pathNot: '^node_modules/temporal-polyfill/' },
    },
    onlyIn('temporal-polyfill', 'temporal-polyfill', 'domain/calendar'),
    {
      name: 'workflows-see-types-of-activities',
      comment: 'a workflow imports the types of its activities, never their code',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'no Node, and no package but the SDK for workflows',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core', ...NPM], pathNot: '^node_modules/@temporalio/workflow/' },
    },
    onlyIn('express', 'express|helmet|csrf-sync', 'api'),
    onlyIn('sessions', 'connect-pg-simple', 'store/staff-sessions'),
    onlyIn('argon2', '@node-rs/argon2', 'platform/passwords'),
    onlyIn('openid-client', 'openid-client', 'platform/oidc'),
    onlyIn('otplib', 'otplib|@otplib', 'platform/totp'),
    onlyIn('pg', 'pg', 'store|operator/migrate'),
    onlyIn('nodemailer', 'nodemailer|mailauth', 'mail'),
    onlyIn('printing', 'pdfkit|@expo-google-fonts', 'letters'),
    onlyIn('qrcode', 'qrcode', 'letters|api/admin/sign-in/qr\\.tsx'),
    onlyIn('smtp-server', 'smtp-server', 'intake'),
    onlyIn('imapflow', 'imapflow', 'intake'),
    onlyIn(
      'Temporal',
      '@temporalio',
      'workflows|activities|worker|platform/temporal|platform/temporal-worker|platform/env|api/relay|operator',
    ),
    {
      name: 'nothing-imports-local-or-test',
      severity: 'error',
      from: { pathNot: '^(local|test)/|^vitest\\.config\\.ts$' },
      to: { path: '^(local|test)/' },
    },
    {
      name: 'no-development-packages-in-production',
      comment: 'what the image leaves out cannot be imported there',
      severity: 'error',
      from: { path: `^(${ROOMS})/`, pathNot: '^(local|test)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.local)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
