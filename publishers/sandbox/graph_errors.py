"""The Graph API's error envelope and the wording of the codes Kẻng must tell apart."""

from __future__ import annotations

from publishers.sandbox.wire import Reply, json_reply

MESSAGES = {
    1: "An unknown error occurred",
    2: "An unexpected error has occurred. Please retry your request later.",
    3: "(#3) Application does not have the capability to make this API call.",
    4: "(#4) Application request limit reached",
    10: "(#10) Application does not have permission for this action",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    100: "(#100) Invalid parameter",
    101: "Error validating application. Cannot get application info due to a system error.",
    102: "Session key invalid or no longer valid",
    104: "An access token is required to request this resource.",
    190: "Invalid OAuth access token - Cannot parse access token",
    200: "(#200) Permissions error",
    341: "(#341) Feed action request limit reached",
    368: "The action attempted has been deemed abusive or is otherwise disallowed",
    506: "(#506) Duplicate status message",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80001: "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
}
SUBCODE_MESSAGES = {
    458: "Error validating access token: The user has not authorized application.",
    459: "Error validating access token: You cannot access the app till you log in to www.facebook.com "
    "and follow the instructions given.",
    460: "Error validating access token: The session has been invalidated because the user changed their "
    "password or Facebook has changed the session for security reasons.",
    463: "Error validating access token: Session has expired.",
    467: "Error validating access token: This may be because the user logged out or may be due to a system "
    "error.",
    492: "Error validating access token: The user does not have the appropriate role on the page.",
}
USER_TEXTS = {
    1390008: (
        "You Can't Use This Feature Right Now",
        "It looks like you were misusing this feature by going too fast. "
        "You've been temporarily blocked from using it.",
    ),
    1366046: (
        "Can't Read Files",
        "Your photos couldn't be uploaded. Photos should be smaller than 4 MB and saved as JPG, PNG, GIF "
        "or TIFF files.",
    ),
    2061006: ("URL Is Invalid", "The URL could not be read. Check it and try again."),
    1609008: ("Can't Share This Link", "Links to this site can't be shared here."),
}
_STATUS = {1: 500, 2: 500, 4: 403, 17: 403, 32: 403, 341: 403, 613: 403, 10: 403, 200: 403, 190: 401}
_TRANSIENT = {2, 4}
_METHOD_EXCEPTION_SUBCODES = {33}


class GraphError(Exception):
    """The Graph API refuses: ``code``, ``subcode`` (0: none), message and HTTP status."""

    def __init__(
        self,
        code: int,
        message: str = "",
        *,
        subcode: int = 0,
        status: int = 0,
        transient: bool | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.subcode = subcode
        self.message = message or SUBCODE_MESSAGES.get(subcode) or MESSAGES.get(code, f"(#{code}) Error")
        self.status = status or _STATUS.get(code, 400)
        self.transient = code in _TRANSIENT if transient is None else transient

    def reply(self, trace: str) -> Reply:
        """The error as the Graph API sends it; ``trace`` becomes fbtrace_id."""
        error: dict[str, object] = {
            "message": self.message,
            "type": "GraphMethodException"
            if self.subcode in _METHOD_EXCEPTION_SUBCODES
            else "OAuthException",
            "code": self.code,
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.transient or self.code == 1:
            error["is_transient"] = self.transient
        if self.subcode in USER_TEXTS:
            error["error_user_title"], error["error_user_msg"] = USER_TEXTS[self.subcode]
        error["fbtrace_id"] = trace
        reply = json_reply({"error": error}, self.status)
        reply.refused = True
        return reply


def no_such_object(object_id: str, verb: str) -> GraphError:
    """The refusal for an unknown, deleted or not yet visible object."""
    return GraphError(
        100,
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        subcode=33,
    )
