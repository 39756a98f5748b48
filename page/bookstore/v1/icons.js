import { s } from "./dom.js";

// Paths in a square of 24 units, drawn with a line of 1.75.
const PATHS = {
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.5 4.5",
  shelf: "M3 20.5h18M5.5 20.5v-14h4v14m0-10h3.5v10m1-12.6 3.6-1 3.4 12.6-3.6 1Z",
  plus: "M12 5v14M5 12h14",
  back: "M19 12H5m6-7-7 7 7 7",
  edit: "M4 20h4L19 9l-4-4L4 16v4Zm9-13 4 4",
  trash: "M4 7h16M9 7V4h6v3m3 0-1 13H7L6 7m4 4v5m4-5v5",
  check: "m5 13 4.5 4.5L19 7",
  alert: "M12 8v5m0 3.5v.01M10.3 4.3 2.7 17.6A2 2 0 0 0 4.4 20.6h15.2a2 2 0 0 0 1.7-3L13.7 4.3a2 2 0 0 0-3.4 0Z",
  cloud: "M7 18.5h9.5a4 4 0 0 0 1-7.9 6 6 0 0 0-9.7-3M3 3l18 18M6.3 9.6A4.5 4.5 0 0 0 7 18.5",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5a7.5 7.5 0 0 1 15 0",
  sun: "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2v2m0 16v2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4M2 12h2m16 0h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  auto: "M12 3a9 9 0 1 0 0 18V3Zm0 0a9 9 0 0 1 0 18",
  pen: "M4 20c6-1 9-4 12-8s4-7 4-8c-1 0-4 0-8 4s-7 6-8 12Zm0 0 6-7",
};

/** Returns a drawing that screen readers skip. */
export function icon(name, size = 20) {
  return s(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true" },
    s("path", { d: PATHS[name] }),
  );
}
