// Renders the OpenAPI document of this service. It sends no requests to other hosts.
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const applyTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", applyTheme);
applyTheme();

const nothing = () => () => null;

// The parts of Swagger UI that differ here.
const parts = {
  // There is one server: this one.
  ServersContainer: nothing,
  // A link inside the button of an operation can't be reached by keyboard. The button sets the same fragment.
  DeepLink: (original, { React }) => ({ text }) => React.createElement("span", null, text),
  // The responses are long: they are folded until there is one from the service.
  responses: (Original, { React }) => (props) => React.createElement(
    "details", { className: "page-responses", open: Boolean(props.tryItOutResponse) },
    React.createElement("summary", null, "Responses"), React.createElement(Original, props)),
};
// Without API keys there is nothing to unlock.
if (document.documentElement.dataset.keys === "off") {
  Object.assign(parts, { AuthorizeBtnContainer: nothing, authorizeBtn: nothing, authorizeOperationBtn: nothing });
}

// Attributes that Swagger UI does not set: labels, the level of headings, and access to scrolling boxes by keyboard.
const setMissing = (element, name, value) => {
  if (!element.hasAttribute(name)) element.setAttribute(name, value);
};

function complete(root) {
  for (const row of root.querySelectorAll("tr[data-param-name]")) {
    for (const control of row.querySelectorAll("select, textarea, input:not([type=checkbox])")) setMissing(control, "aria-label", row.dataset.paramName);
  }
  for (const area of root.querySelectorAll("textarea")) setMissing(area, "aria-label", "Request body");
  for (const select of root.querySelectorAll(".examples-select select")) setMissing(select, "aria-label", "Example");
  for (const [level, headings] of [[2, ".opblock-tag, .models > h4"], [3, ".opblock h4"], [4, ".opblock h5"]]) {
    for (const heading of root.querySelectorAll(headings)) setMissing(heading, "aria-level", level);
  }
  const information = root.querySelector(".information-container");
  if (information) Object.assign(information, { role: "region", ariaLabel: "About this API" });
  for (const box of root.querySelectorAll(".microlight, .highlight-code pre")) setMissing(box, "tabindex", "0");
}

const reference = document.getElementById("reference");
new MutationObserver(() => complete(reference)).observe(reference, { childList: true, subtree: true });

SwaggerUIBundle({
  // Relative, as all addresses of the page.
  url: new URL("openapi.json", document.baseURI).href,
  domNode: reference,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  plugins: [() => ({ wrapComponents: parts })],
  // Otherwise Swagger UI would send the document to swagger.io for validation.
  validatorUrl: null,
});
