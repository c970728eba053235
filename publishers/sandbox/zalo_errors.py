"""Zalo's two error envelopes and the wording of their codes."""

from __future__ import annotations

from publishers.sandbox.wire import Reply, json_reply

MESSAGES = {
    -32: "The request limit of the Official Account has been exceeded",
    -100: "The attachment has expired",
    -200: "Send message failed",
    -201: "Parameter is invalid",
    -204: "Official Account is disable",
    -205: "Official Account does not exist",
    -210: "Parameter exceeds the allowable limit",
    -211: "Out of quota",
    -216: "Access token is invalid",
    -219: "App has been removed or disabled",
    -220: "Access token has expired",
    -224: "The Official Account needs to upgrade its package",
    -233: "Message type is not supported",
    -237: "Group has expired or is disabled",
    -242: "The appsecret_proof provided in the header is invalid",
    -403: "Official Account is not a member of the group",
}
OAUTH_MESSAGES = {
    -14002: ("Invalid app id.", "App id is invalid"),
    -14003: ("Invalid redirect uri.", "Redirect uri is not allowed"),
    -14004: ("Invalid secret key.", "Secret key is invalid"),
    -14005: ("Invalid code challenge.", "Code challenge is required"),
    -14012: ("Invalid authorization code.", "Authorization code is invalid, used or expired"),
    -14014: ("Invalid refresh token.", "Refresh token is invalid or expired"),
}


class ZaloError(Exception):
    """The OA API or its token endpoint refuses with ``code``; ``detail`` is added to the wording."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def openapi_reply(code: int, message: str, data: object = None, as_string: bool = False) -> Reply:
    """The OA API's envelope; HTTP 200 whatever the code."""
    payload: dict[str, object] = {} if data is None else {"data": data}
    payload |= {"error": str(code) if as_string else code, "message": message}
    reply = json_reply(payload)
    reply.refused = code != 0
    return reply


def openapi_error(code: int, detail: str = "", as_string: bool = False) -> Reply:
    """A refusal of the OA API."""
    message = MESSAGES.get(code, "Unknown error")
    return openapi_reply(code, f"{message}: {detail}" if detail else message, as_string=as_string)


def oauth_error(code: int, as_string: bool) -> Reply:
    """A refusal of the token endpoint."""
    name, reason = OAUTH_MESSAGES.get(code, ("Unknown error.", "Unknown error"))
    reply = json_reply(
        {
            "error": str(code) if as_string else code,
            "error_name": name,
            "error_reason": reason,
            "error_description": reason,
            "ref_doc": "https://developers.zalo.me/docs/official-account/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new",
        }
    )
    reply.refused = True
    return reply
