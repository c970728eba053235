"""Scripts to be planted wherever text is taken, and what tells that one of them ran."""

from itertools import product

from playwright.sync_api import BrowserContext, Page

RAN = "window.__ran = 1"
_TAGS = (
    "<script>{ran}</script>",
    "<ScRiPt>{ran}</sCrIpT>",
    "<scr<script>ipt>{ran}</scr</script>ipt>",
    "<script src='data:text/javascript,{ran}'></script>",
    "<img src=x onerror='{ran}'>",
    "<img src=x onerror={entities}>",
    "<svg onload='{ran}'>",
    "<svg/onload={ran}//",
    "<svg><script>{ran}</script></svg>",
    "<svg><animate onbegin='{ran}' attributeName=x dur=1s>",
    "<body onload='{ran}'>",
    "<details open ontoggle='{ran}'>x</details>",
    "<video><source onerror='{ran}'></video>",
    "<audio src=x onerror='{ran}'>",
    "<input autofocus onfocus='{ran}'>",
    "<iframe srcdoc='&lt;script&gt;top.__ran = 1&lt;/script&gt;'></iframe>",
    "<iframe src='javascript:top.__ran=1'></iframe>",
    "<object data='data:text/html,<script>top.__ran=1</script>'></object>",
    "<embed src='data:image/svg+xml,<svg onload=top.__ran=1>'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror='{ran}'>",
    "<noscript><p title='</noscript><img src=x onerror={entities}>'>",
    "<template><img src=x onerror='{ran}'></template>",
    "<style>@keyframes x{{}}</style><p style='animation-name:x' onanimationstart='{ran}'>",
    "<marquee onstart='{ran}'>x</marquee>",
    "<form><button formaction='javascript:{ran}' autofocus onfocus='{ran}'>x</button></form>",
    "<a href='javascript:{ran}' autofocus onfocus='{ran}' tabindex=0>x</a>",
    "<meta http-equiv=refresh content='0;url=javascript:{ran}'>",
    "<base href='javascript:{ran}//'>",
)
_BEFORE = ("", '">', "'>", "</title></textarea></script></style>", "]]>-->")
_BARE = (
    "' onmouseover='{ran}' autofocus onfocus='{ran}' x='",
    '" autofocus onfocus="{ran}" x="',
    '"-({ran})-"',
    "'-({ran})-'",
    "\\'-({ran})//",
    "${{{ran}}}",
    "{{{{constructor.constructor('{ran}')()}}}}",
    "</script><script>{ran}</script>",
    "\u2028{ran}\u2029",
    "javascript:{ran}",
    "＜script＞{ran}＜/script＞",
    "%3Cscript%3E{ran}%3C/script%3E",
    "&lt;script&gt;{ran}&lt;/script&gt;",
    "+ADw-script+AD4-{ran}+ADw-/script+AD4-",
)


def payloads() -> list[str]:
    """Every way in, behind every way out of what the text may stand in: 154 texts."""
    entities = "".join(f"&#{ord(letter)};" for letter in RAN)
    whole = [before + tag for before, tag in product(_BEFORE, _TAGS)] + list(_BARE)
    return [text.format(ran=RAN, entities=entities) for text in whole]


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and a list to which a dialog it opens is added."""
    page, dialogs = context.new_page(), []

    def said(dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", said)
    return page, dialogs


FOREIGN = """() => [...document.querySelectorAll("*")].flatMap(element =>
    [...element.attributes].filter(one => one.name.startsWith("on") || /^\\s*javascript:/i.test(one.value))
        .map(one => `${element.tagName} ${one.name}=${one.value}`))"""
"""Handlers written as attributes and addresses that are scripts: no page of ours has any."""


def what_ran(page: Page, address: str) -> list[str]:
    """Open ``address``, let it settle, and tell what is there that should not be: nothing."""
    answer = page.goto(address, wait_until="load")
    page.wait_for_timeout(60)
    found = []
    if answer is None or answer.status >= 500 or "/login/" in page.url:
        found.append(f"{address}: not shown ({answer and answer.status}, {page.url})")
    for frame in page.frames:
        if frame.evaluate("window.__ran"):
            found.append(f"{address}: a script ran in {frame.url}")
        found += [f"{address}: {one}" for one in frame.evaluate(FOREIGN)]
    return found


def shown(page: Page) -> bool:
    """Whether a payload stands on the page as text or in a field: else a test would show nothing."""
    return "__ran" in page.content()
