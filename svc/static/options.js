// The options of the API: [name, label, values with the default first].
// An option of two values is a checkbox; checked means the second value.

const OPTIONS = [
  ["repair", "Repair", ["standard", "safe", "aggressive", "off"]],
  ["normalization", "Unicode form", ["NFC", "NFKC", "none"]],
  ["date_order", "02/03/2022 is", ["auto", "DMY", "MDY"]],
  ["quotes", "Plain quotes", ["keep", "plain"]],
  ["dashes", "Plain dashes", ["keep", "plain"]],
  ["ellipsis", "Plain ellipses", ["keep", "plain"]],
  ["ligatures", "Plain ligatures", ["keep", "plain"]],
  ["width", "Plain width", ["keep", "plain"]],
  ["whitespace", "Keep whitespace", ["tidy", "keep"]],
  ["boilerplate", "Keep boilerplate", ["remove", "keep"]],
  ["strip_dateline", "Strip dateline", ["false", "true"]],
  ["detect_language", "Skip language detection", ["true", "false"]],
  ["extract_metadata", "Keep metadata unchanged", ["true", "false"]],
];

export function build(container) {
  for (const [name, text, values] of OPTIONS) {
    const label = document.createElement("label");
    const control = document.createElement(values.length > 2 ? "select" : "input");
    control.name = name;
    if (values.length > 2) {
      for (const value of values) control.append(new Option(value, value));
      label.append(`${text} `, control);
    } else {
      control.type = "checkbox";
      label.append(control, ` ${text}`);
    }
    container.append(label);
  }
}

// Return the options that differ from the defaults, as an object of strings.
export function read(form) {
  const options = {};
  for (const [name, , values] of OPTIONS) {
    const control = form.elements[name];
    const value = values.length > 2 ? control.value : values[Number(control.checked)];
    if (value !== values[0]) options[name] = value;
  }
  return options;
}

export function write(form, options) {
  for (const [name, , values] of OPTIONS) {
    const value = values.includes(options[name]) ? options[name] : values[0];
    if (values.length > 2) form.elements[name].value = value;
    else form.elements[name].checked = value === values[1];
  }
}
