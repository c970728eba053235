"""A made-up platform with pictures and figures: uploads first, then one post; both its ends."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from publishers.adapters import readback, replies
from publishers.adapters.base import Adapter
from publishers.adapters.content import check_text, only_image
from publishers.adapters.transport import never_left
from publishers.adapters.verdict import Meaning, Rule, Step, verdict
from publishers.contracts import Capabilities, ChannelIdentity, LookupFailed, Message, PublishError, Receipt
from publishers.kit import Receiver, Reply, Request

METRICS = ("views", "reactions", "shares")
_UNREACHED = Rule(Meaning.UNREACHED, "Không kết nối được nên chưa có gì được đăng. Hệ thống sẽ tự thử lại.")
_AMBIGUOUS = Rule(Meaning.AMBIGUOUS, "Không có câu trả lời rõ ràng. Hệ thống sẽ tìm bài; xin đừng tự đăng.")
_STATUSES = {
    403: Rule(Meaning.ACCESS, "Tài khoản không còn quyền đăng. Nhập lại rồi kiểm tra."),
    410: Rule(Meaning.GONE, "Nơi đăng này không còn nữa. Kiểm tra lại ở mục Kênh."),
    422: Rule(Meaning.CONTENT, "Nội dung bị từ chối. Sửa lại lời rồi gửi duyệt lại."),
    429: Rule(Meaning.THROTTLED, "Nơi đăng đang nhận quá nhiều bài. Hệ thống sẽ chờ.", retry_after=7.0),
}


class GalleryPublisher(Adapter):
    """Sound in everything the kit looks at."""

    kind: ClassVar[str] = "gallery"
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=2000, images=1, max_image_bytes=100_000, read_back=True, insights=True, guarded=True
    )

    def check(self) -> ChannelIdentity:
        self._call(Step.CHECK, "GET", "posts")
        return ChannelIdentity(self.remote_id, "Phòng ảnh")

    def send(self, message: Message) -> Receipt:
        check_text(message, self.capabilities)
        picture = only_image(message, self.capabilities)
        post: dict[str, Any] = {"text": message.text}
        if picture is not None:
            post["picture"] = self._upload(picture[1])
        self.guard()
        made = replies.identifier(self._call(Step.PUBLISH, "POST", "posts", json=post).get("id"))
        if not made:
            raise verdict(_AMBIGUOUS, Step.PUBLISH, code="no_id")
        return Receipt(made)

    def find(self, message: Message, since: datetime) -> Receipt | None:
        readback.require_reference(message)
        return readback.adopt(self._posts(), message.reference)

    def insights(self, remote_id: str) -> Mapping[str, int | None]:
        told = replies.mapping(self._call(Step.LOOK, "GET", f"posts/{remote_id}/figures").get("figures"))
        return {metric: self._figure(told.get(metric)) for metric in METRICS}

    def _figure(self, value: Any) -> int | None:
        return value if type(value) is int else None

    def _upload(self, data: bytes) -> str:
        handle = replies.identifier(self._call(Step.PREPARE, "PUT", "pictures", data=data).get("handle"))
        if not handle:
            raise verdict(_AMBIGUOUS, Step.PREPARE, code="no_handle")
        return handle

    def _posts(self) -> Iterator[readback.Found]:
        rows = self._call(Step.LOOK, "GET", "posts").get("posts")
        if not isinstance(rows, list):
            raise readback.unreadable()
        for row in rows:
            item = replies.mapping(row)
            moment = replies.moment_from_ms(item.get("ms"))
            yield readback.Found(replies.identifier(item.get("id")), str(item.get("text")), moment)

    def _call(self, step: Step, method: str, path: str, **content: Any) -> dict[str, Any]:
        client = self.http()
        try:
            reply = client.request(method, f"{self.endpoint.base_url}{path}", **content)
            body = replies.mapping(reply.json())
        except Exception as error:
            failure: PublishError = verdict(
                _UNREACHED if never_left(error) else _AMBIGUOUS, step, code=type(error).__name__
            )
        else:
            if reply.status_code == 200:
                return body
            rule = _STATUSES.get(reply.status_code, _AMBIGUOUS)
            failure = verdict(rule, step, code=f"http {reply.status_code}")
        finally:
            client.close()
        raise failure


class Gallery(Receiver):
    """The platform."""

    def __init__(self) -> None:
        super().__init__()
        self._handles: dict[str, bytes] = {}

    def step(self, request: Request) -> Step:
        return Step.PREPARE if request.path == "/pictures" else super().step(request)

    def answer(self, request: Request) -> Reply:
        if request.method == "PUT":
            handle = f"h{len(self._handles)}"
            self._handles[handle] = request.body
            return _json({"handle": handle})
        if request.method == "POST":
            post = json.loads(request.body)
            pictures = [self._handles.pop(post["picture"])] if "picture" in post else []
            return _json({"id": self.keep(post["text"], pictures=pictures).remote_id})
        if request.path.endswith("/figures"):
            return _json({"figures": dict(self.figures(request.path.split("/")[2]))})
        rows = [
            {"id": item.remote_id, "text": item.text, "ms": int(item.published_at.timestamp() * 1000)}
            for item in reversed(self.items())
            if item.published_at is not None
        ]
        return _json({"posts": rows})


def _json(content: dict[str, Any]) -> Reply:
    return Reply(body=json.dumps(content).encode())


class PostsWithoutThePicture(GalleryPublisher):
    """The upload failed, so it posts the bare text: nobody approved that."""

    def send(self, message: Message) -> Receipt:
        try:
            return super().send(message)
        except PublishError as error:
            if error.code != "http 500":
                raise
            return super().send(Message(**{**_fields(message), "images": ()}))


class ForgetsThePicture(GalleryPublisher):
    """Declares pictures, and posts the text only."""

    def send(self, message: Message) -> Receipt:
        return super().send(Message(**{**_fields(message), "images": ()}))


class ChangesThePicture(GalleryPublisher):
    """Another picture than the signed one."""

    def _upload(self, data: bytes) -> str:
        return super()._upload(data[:-2])


class CallsTheUploadUnknown(GalleryPublisher):
    """A person would have to look for what cannot be seen."""

    def _call(self, step: Step, method: str, path: str, **content: Any) -> dict[str, Any]:
        return super()._call(Step.PUBLISH if step is Step.PREPARE else step, method, path, **content)


class TakesAnyPicture(GalleryPublisher):
    """Leaves the limits to the platform."""

    def send(self, message: Message) -> Receipt:
        handle = self._upload(message.images[0].read()) if message.images else ""
        self.guard()
        post = {"text": message.text} | ({"picture": handle} if handle else {})
        return Receipt(str(self._call(Step.PUBLISH, "POST", "posts", json=post).get("id")))


class MakesUpZeros(GalleryPublisher):
    """No figure is not zero."""

    def _figure(self, value: Any) -> int | None:
        return super()._figure(value) or 0


class CallsUnreadableFiguresZero(GalleryPublisher):
    """The list of figures could not be read, and all of them are zero."""

    def insights(self, remote_id: str) -> Mapping[str, int | None]:
        try:
            return super().insights(remote_id)
        except LookupFailed:
            return dict.fromkeys(METRICS, 0)


def _fields(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in Message.__slots__}
