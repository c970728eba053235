/*
 * A lost session must not cost the writer a word: before the editor's form leaves the page, ask whether the
 * session still lives. If not, say so and keep the page; after signing in again in another window the same
 * button works, with the new session's CSRF token.
 *
 * Nothing is stored beside it: an automatic save that runs is waited for, and none begins any more. A new
 * warning that was sent and saved at the same moment would be there twice.
 */
(() => {
  const form = document.querySelector("form[data-edit-form]");
  const settings = document.getElementById("keng-session");
  if (!form || !settings) return;

  const AUTOSAVE_MILLISECONDS = 15000;
  let checked = false;
  let leaving = false;
  let planned = null;
  const autosave = () => window.wagtail?.app?.getControllerForElementAndIdentifier(form, "w-autosave");

  form.addEventListener("w-autosave:save", (event) => {
    if (leaving) event.preventDefault();
    planned = event;
  });

  const autosaved = () => {
    // Wagtail waits a moment between planning and saving; until then it still asks the event.
    planned?.preventDefault();
    const patience = new Promise((resolve) => { setTimeout(resolve, AUTOSAVE_MILLISECONDS); });
    return Promise.race([autosave()?.submitPromise, patience]);
  };

  const stay = (button, text, loginUrl) => {
    leaving = false;
    say(text, loginUrl);
    release(button);
  };

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
    if (leaving) return;
    leaving = true;
    const button = event.submitter;
    await autosaved();
    let reply;
    try {
      reply = await fetch(settings.dataset.url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    } catch {
      stay(button, settings.dataset.offline);
      return;
    }
    if (!reply.ok) {
      stay(button, settings.dataset.expired, settings.dataset.login);
      return;
    }
    const { csrf } = await reply.json();
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = csrf; });
    notice.hidden = true;
    checked = true;
    form.requestSubmit(button);
    checked = false;
  }, true);

  // Back from the browser's memory, or kept here by somebody else: the next press counts again.
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("submit", (event) => { if (checked && event.defaultPrevented) leaving = false; });
  form.addEventListener("invalid", () => { leaving = false; }, true);
})();
