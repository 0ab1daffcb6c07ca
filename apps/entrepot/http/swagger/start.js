// A file, not a script in the page: the page's security policy lets no inline script run.
// The document is beside the page's folder, below whatever prefix a proxy has it.
const url = new URL("../openapi.json", document.currentScript.src).href;
SwaggerUIBundle({ url, dom_id: "#docs", deepLinking: true, validatorUrl: null });
