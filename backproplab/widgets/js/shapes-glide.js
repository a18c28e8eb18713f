// Pieces that keep their identity glide from where they were to where they are now. Nothing moves for those who ask for less motion.

const TIME = 320;                                          // milliseconds

/**
 * Follows things from one picture to the next.
 * @returns {{begin, note(node, key, x, y), run, forget, stop}}
 */
export function glide() {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let before = new Map(), here = new Map(), moving = [], frame = 0;
  return {
    begin() { here = new Map(); moving = []; },
    note(node, key, x, y) {
      const old = before.get(key);
      here.set(key, [x, y]);
      if (old && !still && (old[0] !== x || old[1] !== y)) moving.push([node, old[0] - x, old[1] - y]);
    },
    run() {
      before = here;
      cancelAnimationFrame(frame);
      if (!moving.length) return;
      const all = moving, start = performance.now();
      const step = (time) => {
        const rest = (1 - Math.min(1, (time - start) / TIME)) ** 3;
        for (const [node, dx, dy] of all) { if (rest) node.setAttribute("transform", `translate(${dx * rest} ${dy * rest})`); else node.removeAttribute("transform"); }
        if (rest) frame = requestAnimationFrame(step);
      };
      step(start);
    },
    forget() { before = new Map(); },
    stop() { cancelAnimationFrame(frame); },
  };
}
