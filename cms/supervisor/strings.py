"""Every word the supervisor says. Plain constants: also an interpreter too old for the rest can read them."""

PROGRAM = "python -m cms"
DESCRIPTION = "Kẻng – hệ thống soạn, duyệt và phát cảnh báo lừa đảo của tỉnh."
HELP_UP = "chuẩn bị và chạy toàn bộ: trang web, bộ phận gửi tin, các kênh thử nghiệm"
HELP_DEMO = "nạp nội dung mẫu và tài khoản dùng thử (chạy lại không tạo bản trùng)"
HELP_WEB = "chỉ chạy trang web (cổng thông tin và trang quản trị)"
HELP_WORKER = "chỉ chạy bộ phận gửi tin"
HELP_WATCH = "chỉ chạy bộ phận theo dõi"
HELP_SANDBOX = "chỉ chạy các kênh thử nghiệm: Facebook, Zalo, đối tác, thư"
HELP_HELP = "hiện hướng dẫn này rồi thoát"
HELP_COMMANDS = "lệnh"
HELP_OPTIONS = "tùy chọn"
USAGE = "cách dùng: "
EPILOG = """\
biến môi trường:
  PORT            cổng của trang web (mặc định 8000)
  SANDBOX_PORT    cổng của Facebook và Zalo thử nghiệm (mặc định 8090)
  SANDBOX_MAIL_PORT  cổng của máy chủ thư thử nghiệm (mặc định SANDBOX_PORT + 1)
  HOST            địa chỉ lắng nghe (mặc định 127.0.0.1: chỉ máy này mở được)
  VAR_DIR         thư mục dữ liệu (mặc định ./var)
  PUBLIC_URL      địa chỉ người dân dùng (mặc định http://127.0.0.1:PORT)
  KENG_DEMO=0     lần chạy đầu tiên không nạp nội dung mẫu
Danh sách đầy đủ: tệp .env.example. Hướng dẫn vận hành: docs/operators.md.
"""
BAD_ARGUMENTS = "Không hiểu lệnh: {detail}. Xem: python -m cms --help"

# Why it cannot start: one line each, with what to do.
PYTHON_TOO_OLD = (
    "Kẻng cần Python 3.11 trở lên, máy đang dùng {version}: hãy cài bản mới hơn (ví dụ: apt install "
    "python3) rồi chạy lại."
)
BAD_PORT = "{name}={value} không phải số cổng (1–65535): hãy sửa lại, ví dụ {name}={example}."
SAME_PORT = "{first} và {second} cùng là {port}: hãy chọn hai cổng khác nhau, ví dụ {second}={example}."
BAD_DEMO = "KENG_DEMO={value} không hợp lệ: hãy dùng KENG_DEMO=1 hoặc KENG_DEMO=0."
BAD_HOST = "HOST={host} không phải địa chỉ của máy này: hãy bỏ biến HOST, hoặc đặt HOST=127.0.0.1."
PORT_TAKEN = (
    "Cổng {port} đang được chương trình khác dùng: hãy tắt chương trình đó, hoặc chạy với {name}={example}."
)
PORT_FORBIDDEN = "Không được phép mở cổng {port}: hãy chọn cổng từ 1024 trở lên, ví dụ {name}={example}."
VAR_DIR_UNUSABLE = (
    "Không ghi được vào thư mục dữ liệu {folder} ({reason}): hãy kiểm tra quyền ghi và dung lượng đĩa, "
    "hoặc đặt VAR_DIR."
)
ALREADY_RUNNING = (
    "Kẻng đang chạy với thư mục dữ liệu {folder} (tiến trình {pid}, {url}): hãy mở địa chỉ đó, hoặc "
    "dừng lần chạy kia trước."
)
SANDBOX_IN_PRODUCTION = (
    "Facebook và Zalo thử nghiệm không chạy cùng cấu hình vận hành thật (cms.settings.production)."
)
UP_IN_PRODUCTION = (
    "«up» chỉ dành cho một máy dùng SQLite: với cms.settings.production hãy chạy riêng web và worker "
    "(xem docs/operators.md)."
)

# What it is doing.
STARTING = "Kẻng: thư mục dữ liệu {folder}"
FIRST_START = "Lần chạy đầu tiên: chuẩn bị cơ sở dữ liệu và nội dung, có thể mất một vài phút."
UP_TO_DATE = "Cơ sở dữ liệu và tệp tĩnh đã sẵn sàng từ trước."
MIGRATING = "Cơ sở dữ liệu: {done}/{total} bước"
MIGRATED = "Cơ sở dữ liệu: xong {total} bước ({seconds} giây)"
NOTHING_TO_MIGRATE = "Cơ sở dữ liệu: không có thay đổi ({seconds} giây)"
STATIC_STARTED = "Tệp tĩnh: đang gom và nén"
STATIC_DONE = "Tệp tĩnh: xong {count} tệp ({seconds} giây)"
SITE_STARTED = "Trang và phân quyền: đang thiết lập"
SITE_DONE = "Trang và phân quyền: xong ({seconds} giây)"
DEMO_STARTED = "Nội dung mẫu: đang nạp"
DEMO_DONE = "Nội dung mẫu: xong ({seconds} giây)"
STEP_FAILED = (
    "Không chuẩn bị được ({step}, mã {code}): hãy xem các dòng phía trên, sửa rồi chạy lại; dữ liệu đã "
    "có vẫn còn nguyên."
)
STEP_NAMES = {"database": "cơ sở dữ liệu", "static": "tệp tĩnh", "demo": "nội dung mẫu"}
INTERRUPTED = "Đã dừng trong lúc chuẩn bị; lần chạy sau sẽ làm tiếp."
LAUNCHING = "Đang khởi động: {names}"
NOT_READY = (
    "Sau {seconds} giây vẫn chưa trả lời: {names}. Hãy xem các dòng của phần đó phía trên; hệ thống "
    "vẫn đang thử tiếp."
)
DIED = "dừng bất ngờ (mã {code}); khởi động lại sau {seconds} giây"
KEEPS_DYING = "đã dừng {count} lần liên tiếp: hãy xem các dòng phía trên để biết nguyên nhân"
STOPPING = "Đang dừng…"
FORCED = "{names} không dừng kịp, đã buộc dừng"
STOPPED = "Đã dừng toàn bộ. Dữ liệu nằm trong {folder}."
SUPERVISOR_LABEL = "keng"
PREPARE_LABEL = "chuẩn bị"

# The box at the end.
READY = "Kẻng đã sẵn sàng sau {seconds} giây"
PORTAL = "Cổng thông tin"
ADMIN = "Trang quản trị"
SANDBOX = "Kênh thử nghiệm"
NO_SANDBOX = "Facebook, Zalo: máy chủ đã đặt trong biến môi trường"
DEMO_ACCOUNTS = "Tài khoản dùng thử (mật khẩu chung: {password})"
ROLES = {"editor": "Người soạn thảo", "approver": "Người duyệt", "administrator": "Quản trị viên"}
NO_DEMO = "Chưa có tài khoản? Tạo quản trị viên: {command}"
EXPOSED_DEMO = "Chú ý: máy khác mở được trang này, và ai cũng biết mật khẩu dùng thử."
BOTTOM_LINE = "{url}/admin/ · {stop}"
BOTTOM_LINE_DEMO = "{url}/admin/ · {users}: {password}"
STOP_HINT = "Nhấn Ctrl-C để dừng"
