/* A file of its own, because the content security policy allows no inline script. */
window.addEventListener('load', () => {
  window.SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    // Tokens stay in the page's memory; nothing is asked of anybody else's server.
    persistAuthorization: false,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    requestSnippetsEnabled: true,
  });
});
