"""The sandbox's Vietnamese. It runs without Django, so gettext is not at hand."""

BANNER = "Môi trường thử nghiệm – không phải Facebook/Zalo thật"
SITE = "Kênh thử nghiệm"
INDEX_TITLE = "Các kênh thử nghiệm"
INDEX_INTRO = (
    "Những gì phần mềm đăng lên Facebook và Zalo thử nghiệm hiện ở đây, đúng như người dân sẽ thấy. "
    "Không có gì được gửi ra ngoài máy này."
)
PAGES = "Trang Facebook"
GROUPS = "Nhóm Zalo"
POSTS = "{count} bài đăng"
MESSAGES = "{count} tin nhắn"
MEMBERS = "{count} thành viên"
FOLLOWERS = "{count} người theo dõi"
NO_POSTS = "Chưa có bài đăng nào. Duyệt một cảnh báo có chọn trang này, bài đăng sẽ hiện ở đây."
NO_MESSAGES = "Chưa có tin nhắn nào. Duyệt một cảnh báo có chọn nhóm này, tin nhắn sẽ hiện ở đây."
OLDER = "Bài cũ hơn"
NEWER = "Bài mới hơn"
OLDER_MESSAGES = "Tin cũ hơn"
NEWER_MESSAGES = "Tin mới hơn"
EDITED = "Đã chỉnh sửa"
LINK = "Liên kết"
PHOTO_OF = "Ảnh trong bài đăng của {name}"
PHOTO_IN_MESSAGE = "Ảnh trong tin nhắn của {name}"
FILE = "Tệp: {name}"
EVERYONE = "@Tất cả"
OPEN_POST = "Xem riêng bài đăng"
BACK_TO_PAGE = "Về trang {name}"
BACK_TO_INDEX = "Các kênh thử nghiệm"
TODAY = "Hôm nay"
CHAT_LABEL = "Tin nhắn trong nhóm {name}"
POST_TITLE = "Bài đăng của {name}"
REACTIONS = "{count} lượt tương tác"
COMMENTS = "{count} bình luận"
SHARES = "{count} lượt chia sẻ"
NOT_FOUND = "Không tìm thấy trang"
NOT_FOUND_HINT = "Bài đăng có thể đã bị xóa, hoặc đường dẫn chưa đúng."
PERMISSION_TITLE = "Cấp quyền cho ứng dụng"
PERMISSION_INTRO = "Ứng dụng Kẻng (thử nghiệm) xin quyền thay mặt Official Account:"
PERMISSION_RIGHTS = (
    "Xem thông tin Official Account",
    "Gửi tin nhắn và xem hội thoại trong nhóm",
    "Tải ảnh và tệp lên",
)
PERMISSION_ALLOW = "Cho phép"
PERMISSION_REFUSED = "Không thể cấp quyền"
PERMISSION_HINTS = {
    -14002: "Mã ứng dụng chưa đúng. Kiểm tra App ID trong phần cấu hình kênh.",
    -14003: "Địa chỉ quay lại không được phép. Chỉ dùng được địa chỉ trên máy này.",
    -14005: "Thiếu mã kiểm tra (code_challenge) trong yêu cầu.",
}

REFUSED_PRODUCTION = (
    "Không chạy kênh thử nghiệm trong môi trường thật (KENG_ENV hoặc DJANGO_SETTINGS_MODULE là production)."
)
PORT_TAKEN = (
    "Không mở được cổng {port} ({reason}). Hãy chọn cổng khác bằng --port "
    "hoặc dừng chương trình đang dùng cổng này."
)
SERVING = "Kênh thử nghiệm Facebook và Zalo: {url}/"
STATE_UNREADABLE = "Không đọc được dữ liệu thử nghiệm cũ; đã cất sang {name} và bắt đầu lại từ đầu."
