/*
 * A lost session must not cost the writer a word: before the editor's form leaves the page, ask whether the
 * session still lives. If not, say so and keep the page; after signing in again in another window the same
 * button works, with the new session's CSRF token.
 */
(() => {
  const form = document.querySelector("form[data-edit-form]");
  const settings = document.getElementById("keng-session");
  if (!form || !settings) return;

  let checked = false;
  const notice = document.createElement("div");
  notice.className = "session-notice";
  notice.setAttribute("role", "alert");
  notice.hidden = true;

  const say = (text, loginUrl) => {
    notice.replaceChildren(document.createTextNode(text + " "));
    if (loginUrl) {
      const link = document.createElement("a");
      link.href = loginUrl;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = settings.dataset.signIn;
      notice.append(link);
    }
    notice.hidden = false;
    if (!notice.isConnected) document.body.append(notice);
  };

  // Wagtail's progress button would turn for ever on a page that is not left.
  const release = (button) => button?.closest("[data-w-progress-loading-value]")?.setAttribute("data-w-progress-loading-value", "false");

  form.addEventListener("submit", async (event) => {
    if (checked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    let reply;
    try {
      reply = await fetch(settings.dataset.url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    } catch {
      say(settings.dataset.offline);
      release(button);
      return;
    }
    if (!reply.ok) {
      say(settings.dataset.expired, settings.dataset.login);
      release(button);
      return;
    }
    const { csrf } = await reply.json();
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = csrf; });
    notice.hidden = true;
    checked = true;
    form.requestSubmit(button);
    checked = false;
  }, true);
})();
