// Elements, made without HTML in text: the policy of the page forbids that.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** Returns an HTML element. Attributes whose names begin with `on` are listeners. */
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** Returns an SVG element. */
export const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

let last = 0;

/** Returns an id that no other element has. */
export const newId = (name) => `${name}-${++last}`;

/** Reports whether the user wants less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
