// Widgets in a page without a kernel: what Jupyter does for a widget, as far as a page alone can.
//
// The page holds each widget's module as text (#module-1, ...), the values of all widgets (#widgets: JSON, packed to a fifth of its
// size), and an element with data-widget="NAME" wherever one is to be seen. Two views of one widget share its model, as in a notebook.

/** Jupyter's model of a widget. `static` tells a widget that nobody will compute anything for it. */
function modelOf(values) {
  const heard = [];                                       // { event, act }
  const tell = (event, value) => { for (const one of heard.filter((h) => h.event === event)) one.act(model, value); };
  const model = {
    static: true, widget_manager: null,
    get: (key) => values[key],
    set(key, value) {
      const changes = typeof key === "object" ? key : { [key]: value };
      const changed = Object.keys(changes).filter((k) => changes[k] !== values[k]);
      Object.assign(values, changes);
      for (const k of changed) tell(`change:${k}`, values[k]);
      if (changed.length) tell("change");
    },
    on(events, act) { for (const event of events.split(" ")) heard.push({ event, act }); },
    off(events, act) {
      const gone = (h) => (!events || events.split(" ").includes(h.event)) && (!act || act === h.act);
      heard.splice(0, heard.length, ...heard.filter((h) => !gone(h)));
    },
    save_changes() {}, send() {},
  };
  return model;
}

const named = {};                                         // a region's name -> how many have it

/** Two widgets on one function have the same name; numbered, a screen reader's list of regions tells them apart. */
function tellApart(el) {
  for (const region of el.querySelectorAll('[role="region"][aria-label]')) {
    const name = region.getAttribute("aria-label");
    named[name] = (named[name] ?? 0) + 1;
    if (named[name] > 1) region.setAttribute("aria-label", `${name} (${named[name]})`);
  }
}

const modules = {};                                       // id -> its module, loaded once

function moduleOf(id) {
  modules[id] ??= (async () => {
    const url = URL.createObjectURL(new Blob([document.getElementById(id).textContent], { type: "text/javascript" }));
    try {
      const found = (await import(url)).default;
      return typeof found === "function" ? await found() : found;
    } finally { URL.revokeObjectURL(url); }
  })();
  return modules[id];
}

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

async function host() {
  const widgets = await unpacked(document.getElementById("widgets").textContent);
  const models = {};                                      // name -> its model, made and initialized once
  for (const el of document.querySelectorAll("[data-widget]")) {
    try {
      const { module, values } = widgets[el.dataset.widget];
      const widget = await moduleOf(module);
      if (!models[el.dataset.widget]) {
        models[el.dataset.widget] = modelOf(values);
        await widget.initialize?.({ model: models[el.dataset.widget] });
      }
      el.replaceChildren();
      await widget.render?.({ model: models[el.dataset.widget], el });
      tellApart(el);
    } catch (error) {
      el.textContent = `This widget could not be shown: ${error.message}`;
      reportError(error);
    }
  }
}

await host();
