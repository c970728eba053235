"""The sandbox's Vietnamese. It runs without Django, so gettext is not at hand."""

BANNER = "Môi trường thử nghiệm – không phải Facebook/Zalo thật"
SITE = "Kênh thử nghiệm"
INDEX_TITLE = "Các kênh thử nghiệm"
INDEX_INTRO = (
    "Những gì phần mềm đăng lên Facebook và Zalo, chuyển cho đối tác và gửi qua thư điện tử hiện ở đây, đúng "
    "như người nhận sẽ thấy. "
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
PARTNERS = "Đối tác và thư điện tử"
PARTNER_ITEMS = "{count} cảnh báo đã nhận"
NO_ITEMS = "Chưa nhận cảnh báo nào. Duyệt một cảnh báo có chọn đối tác này, nội dung sẽ hiện ở đây."
ITEM_CORRECTED = "Đã đính chính"
ITEM_WITHDRAWN = "Đã gỡ"
ITEM_NOTE = "Nội dung đính chính:"
ITEM_WITHDRAWAL = "Cơ quan Công an đã thu hồi cảnh báo này:"
ITEM_RECEIVED = "Nhận lúc"
ITEM_CHANGED = "cập nhật"
ITEM_OPEN = "Xem riêng"
ITEM_SOURCE = "Bản gốc trên cổng thông tin"
ITEM_REFERENCE = "Mã tin {reference}"
ITEM_REFUSED = "{count} lần bị từ chối vì sai chữ ký"
BACK_TO_PARTNER = "Về trang {name}"
MAILS = "Thư điện tử"
MAILS_INTRO = (
    "Máy chủ thư thử nghiệm nhận mọi thư và không chuyển đi đâu. Mỗi dòng là hộp thư của một người nhận."
)
MAIL_COUNT = "{count} thư"
MAILBOX = "Hộp thư của {address}"
ALL_MAILBOXES = "Mọi hộp thư"
NO_MAILS = "Chưa có thư nào. Duyệt một cảnh báo có chọn kênh thư điện tử, thư sẽ hiện ở đây."
NO_MAIL_SERVER = "Máy chủ thư thử nghiệm đang tắt (chạy với --mail-port để bật)."
MAIL_OFF = "đang tắt"
MAIL_NO_SUBJECT = "(không có tiêu đề)"
MAIL_DETAILS = "Đầu thư"
OLDER_MAILS = "Thư cũ hơn"
NEWER_MAILS = "Thư mới hơn"
CONTROL = "Điều khiển"
CONTROL_SHORT = "Tạo sự kiện của Zalo, tạo lỗi, xem những lần gửi gần nhất"
CONTROL_INTRO = (
    "Tạo tình huống mà nền tảng thật có thể gây ra, rồi xem phần mềm xử lý thế nào trong trang quản trị."
)
CONTROL_EVENTS = "Sự kiện của Zalo"
CONTROL_EVENTS_INTRO = "Gửi tới phần mềm một sự kiện có chữ ký, như Zalo vẫn làm qua webhook."
CONTROL_NO_WEBHOOK = (
    "Chưa biết địa chỉ webhook của phần mềm: chạy với --zalo-webhook-url thì mới gửi được sự kiện."
)
CONTROL_EVENT_BUTTONS = {
    "message": "Thành viên nhắn tin",
    "echo": "Báo lại tin OA vừa gửi",
    "leave": "Đưa OA ra khỏi nhóm",
    "delete": "Giải tán nhóm",
    "restore": "Khôi phục nhóm",
}
GROUP_STANDS = "OA đang trong nhóm"
GROUP_LEFT = "OA không còn trong nhóm"
GROUP_DELETED = "Nhóm đã giải tán"
CONTROL_FAULTS = "Lỗi ở lần gọi tới"
CONTROL_FAULTS_INTRO = "Mỗi nút chuẩn bị một lỗi cho lần gọi kế tiếp của kênh đó."
CONTROL_FAULT_GROUPS = {
    "facebook": "Facebook",
    "zalo": "Zalo",
    "partner": "Đối tác",
    "mail": "Thư điện tử",
}
CONTROL_FAULT_BUTTONS = {
    "facebook_refuse": "Từ chối nội dung",
    "facebook_silent": "Đăng rồi nhưng không trả lời",
    "facebook_throttle": "Yêu cầu chờ vì quá nhiều lượt",
    "zalo_refuse": "Từ chối nội dung",
    "zalo_silent": "Gửi rồi nhưng không trả lời",
    "zalo_throttle": "Yêu cầu chờ vì quá nhiều lượt",
    "partner_refuse": "Từ chối nội dung",
    "partner_silent": "Nhận rồi nhưng báo lỗi 500",
    "partner_throttle": "Yêu cầu chờ 10 giây",
    "mail_refuse": "Từ chối người nhận",
    "mail_greylist": "Hẹn gửi lại (greylist)",
    "mail_drop": "Ngắt sau khi đã nhận thư",
    "mail_hang": "Treo 20 giây sau DATA",
}
CONTROL_PLANNED = "Lỗi đã chuẩn bị"
CONTROL_FIRED = "đã xảy ra {fired}/{times} lần"
CONTROL_CLEAR = "Bỏ mọi lỗi đã chuẩn bị"
CONTROL_KEY = "Khóa ký của đối tác"
CONTROL_KEY_INTRO = "Khi phần mềm tạo khóa ký mới, dán khóa đó vào đây để đối tác chấp nhận chữ ký."
CONTROL_KEY_LABEL = "Khóa ký mới"
CONTROL_KEY_SAVE = "Lưu khóa"
CONTROL_CALLS = "Những lần gửi gần nhất"
CONTROL_NO_CALLS = "Phần mềm chưa gửi gì."
CONTROL_NO_ANSWER = "không trả lời"
CONTROL_COLUMNS = ("Lúc", "Kênh", "Việc", "Kết quả", "Lỗi tạo ra")
CONTROL_DONE = {
    "fault": "Đã chuẩn bị lỗi cho lần gọi tới.",
    "clear": "Đã bỏ mọi lỗi đã chuẩn bị.",
    "key": "Đã lưu khóa ký mới của đối tác.",
    "bad": "Không làm được: yêu cầu không hợp lệ.",
    "no_echo": "OA chưa gửi tin nào trong nhóm này.",
    "no_webhook": "Không gửi được sự kiện: chưa biết địa chỉ webhook của phần mềm.",
    "event": "Phần mềm trả lời {status} cho sự kiện.",
    "event_silent": "Phần mềm không trả lời sự kiện. Trang web có đang chạy không?",
    "event_refused": (
        "Phần mềm không chấp nhận sự kiện ({status}). Kiểm tra khóa webhook trong tài khoản Zalo của phần mềm."
    ),
}
CONTROL_OPERATIONS = {
    "post_feed": "đăng bài",
    "post_photo": "tải ảnh",
    "edit_post": "sửa bài",
    "delete_post": "gỡ bài",
    "send_group_message": "gửi tin",
    "upload_image": "tải ảnh",
    "access_token": "cấp lại mã truy cập",
    "ping": "kiểm tra kết nối",
    "publish": "nhận cảnh báo",
    "correct": "nhận đính chính",
    "withdraw": "nhận tin thu hồi",
    "connect": "mở kết nối",
    "mail": "người gửi",
    "rcpt": "người nhận",
    "data": "bắt đầu thư",
    "text": "nhận thư",
    "user_send_group_text": "thành viên nhắn tin",
    "oa_send_group_text": "báo lại tin của OA",
    "update_group_info": "nhóm thay đổi",
    "delete_group": "nhóm giải tán",
}
CONTROL_MODES = {
    "refuse": "từ chối",
    "greylist": "hẹn gửi lại",
    "effect_then_error": "nhận rồi báo lỗi",
    "effect_then_timeout": "nhận rồi im lặng",
    "timeout_no_effect": "im lặng",
    "slow": "chậm",
}
APIS = {
    "graph": "Facebook",
    "zalo": "Zalo",
    "zalo_oauth": "Zalo (cấp quyền)",
    "zalo_webhook": "Sự kiện Zalo",
    "partner": "Đối tác",
    "smtp": "Thư điện tử",
}
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
