/** Where the REST API lives below the origin. */
export const PREFIX = '/v1';
