// Shows the contract with Swagger UI. A file of its own: the strict CSP allows no inline script.
const docs = document.getElementById("docs");
window.SwaggerUIBundle({
  url: docs.dataset.contract,
  domNode: docs,
  deepLinking: false,
  validatorUrl: null,
});
