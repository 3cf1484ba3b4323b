// Shows the OpenAPI schema with Swagger UI. In its own file because the CSP forbids inline scripts.
const docs = document.getElementById("docs");
window.SwaggerUIBundle({
  url: docs.dataset.schema,
  domNode: docs,
  deepLinking: false,
  validatorUrl: null,
});
