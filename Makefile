# Everything a person types. Each target works in a fresh clone: Python 3.11 or newer is all it needs.
SHELL := bash
PYTEST_ARGS ?=
LOCKING := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--extra production pyproject.toml
BIN := .venv/bin
# Every target starts Python many times; without compiled files each process compiles Django anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run practice test lint format types check lock messages wheel clean
.DEFAULT_GOAL := help

help: ## hiện danh sách này
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## chuẩn bị và chạy toàn bộ trong một cửa sổ dòng lệnh (Ctrl-C để dừng)
	@bash deploy/local/venv.sh requirements.lock
	@exec $(BIN)/python -m cms up

practice: ## diễn tập: một bản riêng có nội dung mẫu ở cổng 8001, không gọi ra ngoài máy này
	@bash deploy/local/venv.sh requirements.lock
	@PRACTICE=1 KENG_DEMO=1 PORT=$${PORT:-8001} SANDBOX_PORT=$${SANDBOX_PORT:-8190} VAR_DIR=$${VAR_DIR:-./var/dien-tap} $(BIN)/python -m cms up

test: ## chạy toàn bộ kiểm thử (PYTEST_ARGS="-k tên" để chọn)
	@bash deploy/local/venv.sh requirements-dev.lock
	@bash deploy/local/test.sh $(PYTEST_ARGS)

lint: ## kiểm tra cách viết và chiều phụ thuộc
	@bash deploy/local/venv.sh requirements-dev.lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: ## định dạng lại mã nguồn
	@bash deploy/local/venv.sh requirements-dev.lock
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: ## kiểm tra kiểu
	@bash deploy/local/venv.sh requirements-dev.lock
	$(BIN)/mypy

check: ## kiểm tra cấu hình vận hành thật và các bản cập nhật cơ sở dữ liệu còn thiếu
	@bash deploy/local/venv.sh requirements-dev.lock
	@bash deploy/local/check.sh

wheel: ## đóng gói và kiểm tra nội dung gói
	@bash deploy/local/venv.sh requirements-dev.lock
	@bash deploy/local/wheel.sh

lock: ## tính lại các tệp khóa phiên bản (cần uv)
	$(LOCKING) -o requirements.lock
	$(LOCKING) --group dev -o requirements-dev.lock

messages: ## dịch lại các tệp .po thành .mo
	@bash deploy/local/venv.sh requirements-dev.lock
	@$(BIN)/python deploy/local/messages.py

clean: ## xóa tệp tạm và môi trường Python; dữ liệu trong var/ vẫn còn
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -path ./var -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
