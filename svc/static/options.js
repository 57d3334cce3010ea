// The options, as the API has them: [name, what it says, values with the default first].
// Those with two values are switches, which stand for the second when they are on.

const OPTIONS = [
  ["repair", "Repair", ["standard", "safe", "aggressive", "off"]],
  ["normalization", "Unicode form", ["NFC", "NFKC", "none"]],
  ["date_order", "02/03 means", ["auto", "DMY", "MDY"]],
  ["quotes", "Plain quotes", ["keep", "plain"]],
  ["dashes", "Plain dashes", ["keep", "plain"]],
  ["ellipsis", "Plain dots", ["keep", "plain"]],
  ["ligatures", "Plain ligatures", ["keep", "plain"]],
  ["width", "Plain width", ["keep", "plain"]],
  ["whitespace", "Keep white space", ["tidy", "keep"]],
  ["boilerplate", "Keep boilerplate", ["remove", "keep"]],
  ["strip_dateline", "Strip the dateline", ["false", "true"]],
  ["detect_language", "Don’t name the language", ["true", "false"]],
  ["extract_metadata", "Leave metadata as it is", ["true", "false"]],
];

export function build(place) {
  for (const [name, said, values] of OPTIONS) {
    const label = document.createElement("label");
    const control = document.createElement(values.length > 2 ? "select" : "input");
    control.name = name;
    if (values.length > 2) {
      for (const value of values) control.append(new Option(value, value));
      label.append(`${said} `, control);
    } else {
      control.type = "checkbox";
      label.append(control, ` ${said}`);
    }
    place.append(label);
  }
}

// What differs from the defaults, as an object of strings.
export function chosen(form) {
  const found = {};
  for (const [name, , values] of OPTIONS) {
    const control = form.elements[name];
    const value = values.length > 2 ? control.value : values[Number(control.checked)];
    if (value !== values[0]) found[name] = value;
  }
  return found;
}

export function choose(form, told) {
  for (const [name, , values] of OPTIONS) {
    const value = values.includes(told[name]) ? told[name] : values[0];
    if (values.length > 2) form.elements[name].value = value;
    else form.elements[name].checked = value === values[1];
  }
}
