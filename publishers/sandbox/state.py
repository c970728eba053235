"""Everything the stand-in remembers: flat records, so that one JSON document holds them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from publishers.sandbox import world

FORMAT = 1
ACCESS_SECONDS = 90_000  # 25 h, as the OA token endpoint says
REFRESH_SECONDS = 90 * 86_400
USER_TOKEN_SECONDS = 5_183_944  # an expires_in seen from the Graph API: about 60 days
SHORT_USER_TOKEN_SECONDS = 7_200


@dataclass
class Page:
    """A Facebook fanpage."""

    id: str
    name: str
    about: str
    category: str
    fan_count: int
    colour: str


@dataclass
class FacebookToken:
    """A Graph token. ``expires_at`` in unix seconds, 0 for none; ``dead_subcode`` -1 while it lives."""

    token: str
    kind: str
    owner_id: str
    scopes: list[str]
    expires_at: float = 0.0
    data_access_expires_at: float = 0.0
    dead_subcode: int = -1


@dataclass
class Photo:
    """An uploaded photo; ``used_by`` is the post that shows it, empty while unattached."""

    id: str
    page_id: str
    file: str
    width: int
    height: int
    caption: str
    created: float
    published: bool
    used_by: str = ""


@dataclass
class Post:
    """A page post. Times in unix seconds; ``scheduled`` is 0 unless it was scheduled."""

    id: str
    page_id: str
    sequence: int
    message: str
    link: str
    photos: list[str]
    created: float
    visible_at: float
    published: bool = True
    scheduled: float = 0.0
    edited: float = 0.0
    engagement: dict[str, int] = field(default_factory=dict)

    def is_live(self, now: float) -> bool:
        """Whether the public can see it, were it not for a delayed read-back."""
        return self.published or (0 < self.scheduled <= now)

    @property
    def time(self) -> float:
        """When it went public, or will."""
        return self.scheduled or self.created


@dataclass
class Group:
    """A Zalo GMF group."""

    id: str
    name: str
    description: str
    total_member: int
    asset_id: str
    colour: str
    status: str = "enabled"
    oa_member: bool = True


@dataclass
class GroupMessage:
    """A message the Official Account sent into a group. ``time`` in unix seconds."""

    id: str
    group_id: str
    sequence: int
    kind: str
    text: str
    file: str
    file_name: str
    time: float
    visible_at: float
    pinged: list[str] = field(default_factory=list)
    pinged_all: bool = False


@dataclass
class Upload:
    """A Zalo media handle."""

    id: str
    kind: str
    file: str
    file_name: str
    created: float


@dataclass
class AccessToken:
    """A Zalo access token; minting its successor kills it."""

    token: str
    expires_at: float
    killed: bool = False


@dataclass
class RefreshToken:
    """A Zalo refresh token: good for one use."""

    token: str
    expires_at: float
    used: bool = False


@dataclass
class AuthCode:
    """A Zalo authorization code waiting for its verifier."""

    code: str
    challenge: str
    expires_at: float
    used: bool = False


@dataclass
class Partner:
    """A partner's site that takes warnings; ``refused`` counts requests whose signature was not accepted."""

    id: str
    name: str
    about: str
    colour: str
    signing_key: str
    refused: int = 0


@dataclass
class PartnerItem:
    """A warning as the partner shows it. Times in unix seconds; ``changed`` is 0 before the first correction."""

    id: str
    partner_id: str
    sequence: int
    reference: str
    title: str
    text: str
    link: str
    note: str
    received: float
    visible_at: float
    changed: float = 0.0
    withdrawn: bool = False


@dataclass
class Taken:
    """An Idempotency-Key that was answered before: what came with it, and the item it made or changed."""

    partner_id: str
    item_id: str
    body_hash: str
    event: str


@dataclass
class Mail:
    """An e-mail the mail sink took for one recipient. ``time`` in unix seconds."""

    id: str
    recipient: str
    sequence: int
    sender: str
    subject: str
    text: str
    headers: dict[str, str]
    time: float


@dataclass
class Settings:
    """What a test may turn, because accounts differ or the vendor's documents leave it open."""

    facebook_require_proof: bool = False
    facebook_require_version: bool = False
    facebook_calls_per_hour: int = 4_800
    facebook_throttle_code: int = 80001
    facebook_duplicate_guard: bool = True
    zalo_require_proof: bool = False
    zalo_calls_per_minute: int = 4_000
    zalo_error_as_string: bool = False
    zalo_oauth_error_as_string: bool = False
    zalo_conversation_max: int = 50


@dataclass
class State:
    """The whole remote world."""

    format: int = FORMAT
    next_id: int = 1
    clock_shift: float = 0.0
    settings: Settings = field(default_factory=Settings)
    pages: dict[str, Page] = field(default_factory=dict)
    facebook_tokens: dict[str, FacebookToken] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    messages: list[GroupMessage] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    codes: dict[str, AuthCode] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    partner_items: dict[str, PartnerItem] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)
    mails: dict[str, Mail] = field(default_factory=dict)

    def take_id(self) -> int:
        """The next number of the one sequence all identifiers come from."""
        self.next_id += 1
        return self.next_id - 1

    @classmethod
    def load(cls, raw: dict[str, Any]) -> State:
        """Rebuild from ``json.loads`` of a saved state. Raises TypeError, KeyError or ValueError."""
        if raw.get("format") != FORMAT:
            raise ValueError("another format")
        tables: dict[str, type[Any]] = {
            "pages": Page,
            "facebook_tokens": FacebookToken,
            "photos": Photo,
            "posts": Post,
            "groups": Group,
            "uploads": Upload,
            "access_tokens": AccessToken,
            "refresh_tokens": RefreshToken,
            "codes": AuthCode,
            "partners": Partner,
            "partner_items": PartnerItem,
            "taken": Taken,
            "mails": Mail,
        }
        state = cls(next_id=int(raw["next_id"]), clock_shift=float(raw["clock_shift"]))
        state.settings = Settings(**raw["settings"])
        state.messages = [GroupMessage(**row) for row in raw["messages"]]
        for name, record in tables.items():
            # A table that came later is missing from an older file.
            setattr(state, name, {key: record(**row) for key, row in raw.get(name, {}).items()})
        state.partners = seeded_partners() | state.partners
        return state


def seeded(now: float) -> State:
    """The demo world with no posts yet; tokens count their life from ``now``."""
    state = State()
    scopes = list(world.FACEBOOK_SCOPES)
    for page in world.PAGES:
        state.pages[page.id] = Page(
            page.id, page.name, page.about, page.category, page.fan_count, page.colour
        )
        state.facebook_tokens[page.access_token] = FacebookToken(
            page.access_token, "page", page.id, scopes[:]
        )
    for token, life in (
        (world.FACEBOOK_USER_TOKEN, 0),
        (world.FACEBOOK_SHORT_USER_TOKEN, SHORT_USER_TOKEN_SECONDS),
    ):
        state.facebook_tokens[token] = FacebookToken(
            token,
            "user",
            world.FACEBOOK_USER_ID,
            scopes[:],
            expires_at=now + life if life else 0,
            data_access_expires_at=now + 90 * 86_400 if life else 0,
        )
    app_token = world.FACEBOOK_APP_TOKEN
    state.facebook_tokens[app_token] = FacebookToken(app_token, "app", world.FACEBOOK_APP_ID, [])
    for group in world.GROUPS:
        state.groups[group.id] = Group(
            group.id, group.name, group.description, group.total_member, group.asset_id, group.colour
        )
    state.partners = seeded_partners()
    access = AccessToken(world.ZALO_ACCESS_TOKEN, now + ACCESS_SECONDS)
    refresh = RefreshToken(world.ZALO_REFRESH_TOKEN, now + REFRESH_SECONDS)
    state.access_tokens[access.token] = access
    state.refresh_tokens[refresh.token] = refresh
    return state


def seeded_partners() -> dict[str, Partner]:
    """The partners of the demo world, with nothing taken yet."""
    return {
        seed.id: Partner(seed.id, seed.name, seed.about, seed.colour, seed.signing_key)
        for seed in world.PARTNERS
    }
