"""What the board's answers mean. Codes: the table in its API guide (README.md)."""

from publishers.adapters.verdict import Meaning, Rule
from publishers.contracts import Scope

UNREACHED = Rule(
    Meaning.UNREACHED,
    "Không kết nối được tới bảng tin nên chưa có gì được đăng. Hệ thống sẽ tự thử lại.",
)
AMBIGUOUS = Rule(
    Meaning.AMBIGUOUS,
    "Bảng tin không trả lời rõ ràng. Hệ thống sẽ tìm bài trên bảng; xin đừng tự đăng.",
)
FORBIDDEN = Rule(
    Meaning.CONTENT,
    "Địa chỉ bảng tin không được phép gọi: phải bắt đầu bằng https:// và dẫn tới máy chủ công khai. "
    "Sửa lại ở mục Kênh → Tài khoản.",
)
NO_KEY = Rule(
    Meaning.ACCESS,
    "Tài khoản của bảng tin chưa có khóa dùng được. Mở Kênh → Tài khoản và nhập khóa.",
)
POST_GONE = Rule(
    Meaning.CONTENT,
    "Bài này không còn trên bảng tin. Kiểm tra trên bảng tin rồi đăng bài mới nếu cần.",
)
CODES: dict[str, Rule] = {
    "slow_down": Rule(
        Meaning.THROTTLED,
        "Bảng tin đang nhận quá nhiều bài. Hệ thống sẽ chờ và đăng sau.",
        retry_after=60.0,
        scope=Scope.CHANNEL,
    ),
    "bad_key": Rule(
        Meaning.ACCESS,
        "Bảng tin không chấp nhận khóa truy cập. Mở Kênh → Tài khoản, nhập lại khóa rồi kiểm tra.",
    ),
    "bad_text": Rule(
        Meaning.CONTENT,
        "Bảng tin từ chối nội dung. Sửa lại lời rồi gửi duyệt lại.",
    ),
    "no_board": Rule(
        Meaning.GONE,
        "Bảng tin này không còn nữa. Kiểm tra địa chỉ ở mục Kênh → Tài khoản, hoặc tắt kênh.",
    ),
    "no_notice": POST_GONE,
}


def rule_of(status: int, code: object) -> Rule:
    """The line for a well-formed refusal; what is in no table, and any server error, proves nothing."""
    if not 400 <= status < 500 or not isinstance(code, str):
        return AMBIGUOUS
    return CODES.get(code, AMBIGUOUS)
