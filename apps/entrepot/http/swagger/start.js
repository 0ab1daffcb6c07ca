// A file, not a script in the page: the page's security policy lets no inline script run.
SwaggerUIBundle({ url: "/api/v1/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
