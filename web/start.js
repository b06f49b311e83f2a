// Starts the workbench. A file of its own, so that the content security policy allows no inline script at all.
(() => {
  // Before the first paint: the theme that the user chose, else the system's.
  try {
    const theme = localStorage.getItem("labelscope.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is closed to us: the system's theme it is.
  }

  const fail = (error) => {
    console.error(error);
    const page = document.createElement("main");
    page.setAttribute("role", "alert");
    page.style.cssText = "max-width:32rem;margin:15vh auto;padding:0 1rem;font:15px/1.5 system-ui,sans-serif";
    const title = document.createElement("h1");
    title.textContent = "The workbench could not start";
    const text = document.createElement("p");
    text.textContent = `${error?.message ?? error}. Reload the page; if it happens again, see whether the server is running.`;
    const button = document.createElement("button");
    button.textContent = "Reload";
    button.addEventListener("click", () => location.reload());
    page.append(title, text, button);
    document.body.replaceChildren(page);
  };

  // The code of the page that the address means comes beside the app's own, and not after it (web/app/src/lazy.rs).
  const pieces = JSON.parse(document.getElementById("pieces")?.textContent ?? "{}");
  const page = location.pathname.replace(/^\/via\/[^/]+/, "").split("/")[2];
  const group = { concepts: "concepts", datasets: "data", inputs: "data", import: "data", evaluations: "evaluations", compare: "evaluations", predictions: "evaluations" }[page] ?? (page ? "models" : "");
  for (const name of pieces[group] ?? []) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "fetch", type: "application/wasm", crossOrigin: "anonymous", href: `/${name}` });
    document.head.append(link);
  }

  // Both files are already on their way (the links preload them) when the document is parsed.
  addEventListener("DOMContentLoaded", async () => {
    try {
      const { default: init } = await import(document.getElementById("app-js").href);
      await init({ module_or_path: document.getElementById("app-wasm").href });
    } catch (error) {
      // A panic inside the app shows its own page; what comes here is a file that did not load or a browser too old.
      if (!document.documentElement.hasAttribute("data-started")) fail(error);
    }
  });
})();
