"""The project's own catalogs: complete, consistent with the English, compiled, and really shown."""

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext, ngettext, npgettext, override, pgettext
from django.utils.translation.template import templatize

import polib
import pytest

from cms.editorial.forms import ApproveForm, ReturnForm
from cms.users.roles import Role
from scam_warnings.enums import Severity, TextForm

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    "cms/core",
    "cms/audit",
    "cms/users",
    "cms/signin",
    "cms/editorial",
    "cms/portal",
    "cms/information",
    "cms/intake",
    "cms/tips",
    "cms/subscriptions",
    "publishers",
    "publishers/adapters",
    "warnings/scam_warnings",
    "media",
)
LANGUAGES = ("vi", "en")

# How many leading arguments are words, and whether the first of them is a context.
FUNCTIONS = {"gettext": (1, False), "ngettext": (2, False), "pgettext": (2, True), "npgettext": (3, True)}
TEMPLATE_CALL = re.compile(
    r"(?<!\w)(?P<name>n?p?gettext|_)\("
    r"(?P<words>(?:\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?)+)"
)
PLACEHOLDER = re.compile(r"%\([^)]*\)[a-zA-Z]|%[sdr]|\{\w*\}")
TAG = re.compile(r"<[^>]*>")
# "hòa", never "hoà": on an open oa, oe, uy the mark stands on the first vowel.
OLD_TONE_STYLE = re.compile(r"(o[àáảãạèéẻẽẹ]|(?<![qQ])u[ỳýỷỹỵ])\b", re.IGNORECASE)

EVERY_FOLDER = pytest.mark.parametrize("folder", FOLDERS)
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@dataclass(frozen=True)
class Message:
    """What the sources ask gettext for."""

    context: str | None
    msgid: str
    plural: str = ""


def message(function: str, words: tuple[str, ...]) -> Message:
    context = words[0] if FUNCTIONS[function][1] else None
    return Message(context, *words[1 if context is not None else 0 :])


def sources(folder: str, suffixes: set[str]) -> Iterator[Path]:
    """The files below ``folder`` that no catalog further down answers for."""
    deeper = [ROOT / other for other in FOLDERS if other.startswith(f"{folder}/")]
    for file in sorted((ROOT / folder).rglob("*")):
        if file.suffix in suffixes and not any(file.is_relative_to(other) for other in deeper):
            yield file


def in_python(file: Path) -> Iterator[Message]:
    """Every message of a module. Raises ValueError where the words are not literal: no tool finds those."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: re.sub("_(lazy|noop)$", "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute):
            module = node.func.value
            known = isinstance(module, ast.Name) and module.id == "translation"
            function = re.sub("_(lazy|noop)$", "", node.func.attr) if known else ""
        else:
            function = names.get(node.func.id, "") if isinstance(node.func, ast.Name) else ""
        if function in FUNCTIONS:
            words = tuple(ast.literal_eval(word) for word in node.args[: FUNCTIONS[function][0]])
            yield message(function, words)


def in_template(file: Path) -> Iterator[Message]:
    """Every message of a template, as Django's own makemessages sees it."""
    for call in TEMPLATE_CALL.finditer(templatize(file.read_text(encoding="utf-8"), origin=str(file))):
        words = ast.literal_eval(f"({call['words'].rstrip(' ,')},)")
        yield message("gettext" if call["name"] == "_" else call["name"], words)


def messages(folder: str) -> set[Message]:
    found = {found for file in sources(folder, {".py"}) for found in in_python(file)}
    return found | {found for file in sources(folder, {".html", ".txt"}) for found in in_template(file)}


def catalog(folder: str, language: str) -> polib.POFile:
    """The catalog of a folder; an empty one where there is nothing to translate and so no file."""
    file = ROOT / folder / "locale" / language / "LC_MESSAGES" / "django.po"
    return polib.pofile(str(file)) if file.exists() else polib.POFile()


def entries(folder: str, language: str) -> list[polib.POEntry]:
    return catalog(folder, language).translated_entries()


def of_entry(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural or "")


def english_of(entry: polib.POEntry) -> str:
    """Vietnamese has one form, used for every number, so it answers to the English plural."""
    return entry.msgid_plural or entry.msgid


def vietnamese_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


def shown(entry: polib.POEntry, number: int) -> str:
    """What Django answers in the active language, whichever catalog it comes from."""
    if entry.msgctxt and entry.msgid_plural:
        return npgettext(entry.msgctxt, entry.msgid, entry.msgid_plural, number)
    if entry.msgctxt:
        return pgettext(entry.msgctxt, entry.msgid)
    if entry.msgid_plural:
        return ngettext(entry.msgid, entry.msgid_plural, number)
    return gettext(entry.msgid)


def test_the_search_finds_what_a_person_finds(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "from django.utils import translation\n"
        "from django.utils.translation import gettext as _, npgettext_lazy, pgettext_lazy as with_context\n"
        "_('one ' 'text'), with_context('verb', 'Post'), translation.gettext_lazy('lazy')\n"
        "other('not ours')\n"
        "npgettext_lazy('parts', '%d part', '%d parts', 'count')\n",
        encoding="utf-8",
    )
    assert set(in_python(module)) == {
        Message(None, "one text"),
        Message("verb", "Post"),
        Message(None, "lazy"),
        Message("parts", "%d part", "%d parts"),
    }
    template = tmp_path / "template.html"
    template.write_text(
        "{% translate \"It's\" %}{% translate 'Post' context 'verb' as x %}"
        '{% panel heading=_("Inside a tag") %}'
        "{% comment %}{% translate 'Left out' %}{% endcomment %}"
        "{% blocktranslate count n=n trimmed %}\n  {{ n }} part\n"
        "{% plural %}\n  {{ n }} parts\n{% endblocktranslate %}",
        encoding="utf-8",
    )
    assert set(in_template(template)) == {
        Message(None, "It's"),
        Message("verb", "Post"),
        Message(None, "Inside a tag"),
        Message(None, "%(n)s part", "%(n)s parts"),
    }


def test_words_that_are_put_together_at_run_time_are_refused(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("from django.utils.translation import gettext\ngettext('a' + b)\n", encoding="utf-8")
    with pytest.raises(ValueError, match="malformed"):
        list(in_python(module))


def test_every_text_has_an_owner() -> None:
    everywhere = {
        file
        for top in ("cms", "publishers", "media", "warnings")
        for file in (ROOT / top).rglob("*.py")
        if any(in_python(file))
    }
    owned = {file for folder in FOLDERS for file in sources(folder, {".py"})}
    # Django itself translates the names of the languages.
    assert everywhere - owned == {ROOT / "cms" / "settings" / "base.py"}


@EVERY_LANGUAGE
@EVERY_FOLDER
def test_every_message_is_translated(folder: str, language: str) -> None:
    translated = {of_entry(entry) for entry in entries(folder, language)}
    missing = sorted(found.msgid for found in messages(folder) - translated)

    assert missing == []
    assert [entry.msgid for entry in catalog(folder, language) if "fuzzy" in entry.flags] == []


@EVERY_FOLDER
@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "HTML tags"])
def test_translations_keep(folder: str, pattern: re.Pattern[str]) -> None:
    different = [
        (english_of(entry), vietnamese_of(entry))
        for entry in entries(folder, "vi")
        if Counter(pattern.findall(english_of(entry))) != Counter(pattern.findall(vietnamese_of(entry)))
    ]
    assert different == []


@EVERY_FOLDER
def test_translations_keep_the_space_around_them(folder: str) -> None:
    def around(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    different = [e.msgid for e in entries(folder, "vi") if around(e.msgid) != around(vietnamese_of(e))]
    assert different == []


@EVERY_FOLDER
def test_vietnamese_is_composed_and_spelt_in_the_common_style(folder: str) -> None:
    texts = [vietnamese_of(entry) for entry in entries(folder, "vi")]

    assert [text for text in texts if unicodedata.normalize("NFC", text) != text] == []
    assert [text for text in texts if OLD_TONE_STYLE.search(text)] == []


@EVERY_LANGUAGE
@EVERY_FOLDER
def test_the_compiled_catalog_is_up_to_date(folder: str, language: str) -> None:
    file = ROOT / folder / "locale" / language / "LC_MESSAGES" / "django.mo"
    compiled = polib.mofile(str(file)) if file.exists() else []

    def words(found: list[polib.POEntry]) -> dict[Message, object]:
        return {of_entry(entry): entry.msgstr_plural or entry.msgstr for entry in found}

    assert words(list(compiled)) == words(entries(folder, language))


@EVERY_FOLDER
def test_a_translation_is_what_people_see(folder: str) -> None:
    """No equal msgid of the overlay or of another app stands in front of it, and Django reads the catalog."""
    with override("vi"):
        hidden = {
            entry.msgid: (vietnamese_of(entry), shown(entry, number))
            for entry in entries(folder, "vi")
            for number in (1, 5)
            if shown(entry, number) != vietnamese_of(entry)
        }
    assert hidden == {}


@EVERY_FOLDER
def test_english_stays_english(folder: str) -> None:
    with override("en"):
        changed = [
            entry.msgid
            for entry in entries(folder, "en")
            if shown(entry, 1) != entry.msgid or shown(entry, 5) != english_of(entry)
        ]
    assert changed == []


def test_the_words_of_the_glossary_are_used() -> None:
    with override("vi"):
        assert [str(label) for label in Severity.labels] == ["Khuyến cáo", "Cảnh báo", "Cảnh báo khẩn"]
        assert [str(label) for label in Role.labels] == [
            "Người soạn thảo",
            "Người thẩm định",
            "Người duyệt",
            "Người xuất bản",
            "Quản trị viên",
        ]
        assert str(TextForm.LOUDSPEAKER.label) == "Bài phát thanh"
        assert (
            str(ApproveForm.base_fields["not_secret"].label)
            == "Nội dung không thuộc bí mật nhà nước và được phép công bố."
        )


def test_an_empty_decision_is_answered_in_vietnamese() -> None:
    with override("vi"):
        assert ReturnForm({}).errors["comment"] == [
            "Hãy nêu rõ nội dung cần chỉnh sửa để người soạn thảo biết cách sửa."
        ]
        assert ApproveForm({"seal": "x"}).errors["not_secret"] == [
            "Hãy xác nhận nội dung không thuộc bí mật nhà nước trước khi duyệt."
        ]
