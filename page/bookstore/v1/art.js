// Motifs of covers, in a field of 200 by 300 units. Each one draws with three colours, a
// random number generator, and nothing else, so that a book always looks the same.

import { s } from "./dom.js";

const W = 200;
const H = 300;

const circle = (cx, cy, r, fill, more) => s("circle", { cx, cy, r, fill, ...more });
const rect = (x, y, width, height, fill, more) => s("rect", { x, y, width, height, fill, ...more });
const path = (d, fill, more) => s("path", { d, fill, ...more });
const range = (n) => Array.from({ length: n }, (_, i) => i);
const between = (random, low, high) => low + random() * (high - low);
const either = (random, list) => list[Math.floor(random() * list.length)];

/** A wavy edge at height y, filled down to the bottom. */
function swell(y, height, length, shift, fill) {
  let d = `M${-length + shift} ${y}`;
  for (let x = -length + shift; x < W + length; x += length)
    d += `q${length / 4} ${-height} ${length / 2} 0t${length / 2} 0`;
  return path(`${d}V${H}H${-length}Z`, fill);
}

function waves([a, b, c], random) {
  const sun = circle(between(random, 55, 145), between(random, 105, 140), between(random, 26, 40), c);
  return [sun, ...range(7).map((i) => swell(165 + i * 21, 10 + i * 2, 70 + i * 9, random() * 70, i % 2 ? a : b))];
}

function peaks([a, b, c], random) {
  const ridge = (base, low, fill) => {
    let d = `M-20 ${H}V${base}`;
    for (let x = -20; x < W + 40; x += 55)
      d += `L${x + 28} ${base - between(random, low, low + 70)}L${x + 55} ${base - between(random, 0, 25)}`;
    return path(`${d}V${H}Z`, fill);
  };
  return [circle(between(random, 45, 155), 95, 24, c), ridge(235, 60, b), ridge(270, 30, a), ridge(308, 20, c)];
}

function hills([a, b, c], random) {
  const sun = circle(between(random, 50, 150), 150, between(random, 30, 46), c);
  return [sun, ...range(4).map((i) => circle(between(random, 10, 190), 340 + i * 32, 165 - i * 8, i % 2 ? a : b))];
}

function sunset([a, b, c]) {
  const stripes = range(6).map((i) => rect(30, 186 + i * 15, 140, 3 + i * 1.7, "var(--sky)"));
  return [rect(0, 228, W, 72, b), circle(100, 185, 68, a), ...stripes, rect(0, 290, W, 10, c)];
}

function moon([a, b, c], random) {
  const stars = range(34).map(() =>
    circle(between(random, 5, 195), between(random, 5, 250), between(random, 0.6, 1.9), c),
  );
  const x = between(random, 75, 125);
  return [
    ...stars,
    circle(x, 165, 50, c),
    circle(x + 20, 153, 45, "var(--sky)"),
    swell(262, 16, 120, random() * 60, b),
    swell(282, 10, 90, 0, a),
  ];
}

function leaves([a, b, c], random) {
  const stem = (x, top, colour, lean) => {
    const leaf = (y, side) =>
      path(`M${x + lean} ${y}q${side * 8} -26 ${side * 38} -30q${side * 2} 26 ${side * -38} 30Z`, colour, {
        opacity: 0.95,
      });
    return [
      path(`M${x} ${H}Q${x + lean} ${(H + top) / 2} ${x + lean} ${top}`, "none", { stroke: colour, "stroke-width": 3 }),
      ...range(Math.floor((H - top) / 26)).map((i) => leaf(top + 22 + i * 26, i % 2 ? 1 : -1)),
    ];
  };
  return [
    circle(100, 190, 62, c),
    ...stem(52, between(random, 150, 190), b, 6),
    ...stem(148, between(random, 150, 190), b, -6),
    ...stem(100, between(random, 105, 130), a, 0),
  ];
}

function arches([a, b, c], random) {
  const size = 50;
  const one = (x, y) => {
    const order = either(random, [
      [a, b, c],
      [b, c, a],
      [c, a, b],
    ]);
    return order.map((fill, i) => {
      const r = 25 - i * 8;
      return path(`M${x + 25 - r} ${y + size}v${-25}a${r} ${r} 0 0 1 ${2 * r} 0v25Z`, fill);
    });
  };
  return range(24).flatMap((i) => one((i % 4) * size, Math.floor(i / 4) * size));
}

function quarters([a, b, c], random) {
  const size = 50;
  const corner = [
    (x, y) => `M${x} ${y}h${size}a${size} ${size} 0 0 1 ${-size} ${size}Z`,
    (x, y) => `M${x + size} ${y}v${size}a${size} ${size} 0 0 1 ${-size} ${-size}Z`,
    (x, y) => `M${x + size} ${y + size}h${-size}a${size} ${size} 0 0 1 ${size} ${-size}Z`,
    (x, y) => `M${x} ${y + size}v${-size}a${size} ${size} 0 0 1 ${size} ${size}Z`,
  ];
  return range(24).map((i) =>
    path(either(random, corner)((i % 4) * size, Math.floor(i / 4) * size), either(random, [a, b, c])),
  );
}

function rings([a, b, c], random) {
  const x = between(random, 60, 140);
  const y = between(random, 170, 220);
  return range(9).map((i) => circle(x, y, 150 - i * 17, [a, b, "var(--sky)", c][i % 4]));
}

function skyline([a, b, c], random) {
  const houses = (base, fill, dot) => {
    let x = -8;
    const parts = [];
    while (x < W) {
      const width = between(random, 18, 40);
      const top = base - between(random, 20, 110);
      parts.push(rect(x, top, width, H - top, fill));
      for (let y = top + 9; y < H - 8; y += 15) {
        for (let w = x + 6; w < x + width - 7; w += 10) if (random() < 0.45) parts.push(rect(w, y, 4, 6, dot));
      }
      x += width + between(random, -2, 6);
    }
    return parts;
  };
  return [circle(between(random, 40, 160), 105, 26, c), ...houses(230, b, b), ...houses(270, a, c)];
}

function rays([a, b, c]) {
  const beam = (i) => {
    const edge = (turn) => `${100 + 320 * Math.cos(turn)} ${215 + 320 * Math.sin(turn)}`;
    return path(`M100 215L${edge((i * Math.PI) / 12)}L${edge(((i + 1) * Math.PI) / 12)}Z`, i % 2 ? a : b);
  };
  return [...range(24).map(beam), circle(100, 215, 48, c), circle(100, 215, 30, "var(--sky)")];
}

function dots([a, b, c], random) {
  const dense = random() < 0.5;
  return range(15).flatMap((row) =>
    range(10).map((column) => {
      const size = dense ? 1 + row * 0.62 : 9.6 - Math.hypot(column - 4.5, row - 9.5) * 0.95;
      return size < 0.8
        ? undefined
        : circle(10 + column * 20, 10 + row * 20, Math.min(size, 9.2), [a, b, a, c][(row + column) % 4]);
    }),
  );
}

function threads([a, b, c], random) {
  const swing = between(random, 20, 46);
  return range(26).map((i) =>
    path(
      `M-10 ${96 + i * 8}C40 ${96 + i * 8 - swing} 80 ${96 + i * 8 + swing} 120 ${100 + i * 7}S190 ${90 + i * 8} 210 ${110 + i * 7}`,
      "none",
      { stroke: [a, b, c][i % 3], "stroke-width": 1.2 + (i % 5) * 0.8 },
    ),
  );
}

function ladders([a, b, c], random) {
  return range(8).map((i) => {
    const height = between(random, 60, 240);
    return rect(i * 25 + 3, H - height, 19, height, [a, b, c][Math.floor(random() * 3)], { rx: 9.5 });
  });
}

export const MOTIFS = {
  waves,
  peaks,
  hills,
  sunset,
  moon,
  leaves,
  arches,
  quarters,
  rings,
  skyline,
  rays,
  dots,
  threads,
  ladders,
};
