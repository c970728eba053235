/* Puts the alarm where nobody can miss it: above the content of every admin page. */
(() => {
  const strip = document.querySelector(".practice-note");
  const content = document.querySelector("main");
  if (strip && content) content.insertAdjacentElement("afterbegin", strip);
  const place = document.getElementById("keng-alarm-url");
  const main = document.querySelector("main");
  // The sign-in page carries this script as well.
  if (!place || !main || !document.getElementById("wagtail-sidebar")) return;
  fetch(place.dataset.url, { headers: { "X-Requested-With": "XMLHttpRequest" }, redirect: "manual", cache: "no-store" })
    .then((reply) => (reply.status === 200 ? reply.text() : ""))
    .then((html) => html && main.insertAdjacentHTML("afterbegin", html))
    .catch(() => {});
})();
